# Sourced by rows about heartbeats: a fleet of simulated servers, the load generator, and what a run costs each process.

fleet_seed=$(node -p 'crypto.randomBytes(16).toString("hex")') registered=0 beat_connections=64 servers_per_token=100
heartbeats=(dotnet artifacts/bin/Heartbeats/release/Heartbeats.dll)

# add_servers SERVERS: grows the fleet of the running hub to so many servers of the benchmark's account, 100 for each API token.
add_servers() {
    note "registering $(($1 - registered)) servers"
    run "${heartbeats[@]}" register --servers "$1" --first "$registered" --seed "$fleet_seed" --account "$account" \
        --identity "$(connection_string identitydb)" --catalog "$(connection_string catalogdb)" --telemetry "$(connection_string telemetrydb)"
    registered=$1
}

# register_fleet SERVERS: the same; and each beats once, and is online then.
register_fleet() {
    local first=$registered beat_connections=1000
    add_servers "$1"
    beat --seconds 600 --first "$first" --beats $(($1 - first))
    [ "$(said .acknowledged)" = $(($1 - first)) ] || fail "first beats were refused: $beaten"
    next_server=0
    note "first beats: $(said '(.acknowledged / .seconds | floor | tostring) + "/s, p99 " + (.p99 | tostring) + " ms"')"
}

# own_tokens: from now on each server beats with an API token of its own.
own_tokens() {
    note "making $registered tokens"
    fleet_seed=$(node -p 'crypto.randomBytes(16).toString("hex")') servers_per_token=1
    run "${heartbeats[@]}" register --servers "$registered" --first "$registered" --first-token 0 --servers-per-token 1 --seed "$fleet_seed" --account "$account" \
        --identity "$(connection_string identitydb)" --catalog "$(connection_string catalogdb)" --telemetry "$(connection_string telemetrydb)"
}

# beat OPTION...: the generator against the gateway, with all registered servers. Sets $beaten, its line of JSON; false when a reconciliation found something.
beat() {
    local status=0
    run "${heartbeats[@]}" beat --servers "$registered" --servers-per-token "$servers_per_token" --seed "$fleet_seed" --gateway "$gateway" --connections "$beat_connections" "$@" >"$scratch/beaten" || status=$?
    beaten=$(cat "$scratch/beaten")
    [ -n "$beaten" ] || fail "the load generator said nothing"
    return "$status"
}

# beat_and_reconcile OPTION...: the same, and every acknowledged beat is looked for in InfluxDB and Redis afterwards.
beat_and_reconcile() {
    local redis
    redis=$(connection_string cache)
    INFLUX_PASSWORD=$(secret influx-password) REDIS_PASSWORD=${redis##*password=} beat "$@" \
        --influx "$(resource influxdb 'endpoints[0]')" --influx-user packrelay --redis-port "$(sed 's/^[^:]*:\([0-9]*\),.*/\1/' <<<"$redis")"
}

# said FILTER: from the last run.
said() { jq -r "$1" <<<"$beaten"; }

# beat_closed SECONDS: the most that the hub takes, going round the fleet, by wrk, which leaves more of the processor to the hub than the generator does. Sets $answer; false when a beat was
# not stored. Afterwards the series must have a point for each answer, and none beyond those whose answers wrk did not wait for.
beat_closed() {
    local since json answered points influx
    influx=$(resource influxdb 'endpoints[0]')
    run "${heartbeats[@]}" requests --servers "$registered" --servers-per-token "$servers_per_token" --seed "$fleet_seed" --first "${next_server:-0}" --count $(($1 * 10000)) >"$scratch/beats"
    since=$(date +%s%N)
    json=$(connections=$beat_connections BENCH_METHOD=POST run_wrk "$gateway" "$scratch/beats" "$1")
    answered=$(jq .requests <<<"$json")
    next_server=$(((${next_server:-0} + answered + beat_connections) % registered))
    answer=$(rate "$json") || return 1
    wait_for 10 "storing what was answered" stored_since "$since" "$answered"
    points=$(points_since "$since")
    [ "$points" -le $((answered + beat_connections)) ] || fail "$answered beats were answered, and $points are in the series"
}

# points_since NANOSECONDS: beats in the series of $influx that were received since then.
points_since() {
    curl -fsS -u "packrelay:$(secret influx-password)" "$influx/query" --data-urlencode db=packrelay --data-urlencode "q=SELECT count(players) FROM raw.heartbeat WHERE time >= $1" |
        jq '.results[0].series[0].values[0][1] // 0'
}

stored_since() { [ "$(points_since "$1")" -ge "$2" ]; }

# mark_processes: notes what every process of the hub has used so far; processes_since then prints a line for each resource: name, seconds of processor, resident MB, MB written.
mark_processes() { node bench/lib/processes.mjs "$status_page" >"$scratch/processes.before"; }

processes_since() {
    node bench/lib/processes.mjs "$status_page" >"$scratch/processes.after"
    LC_ALL=C join -t $'\t' "$scratch/processes.before" "$scratch/processes.after" | awk -F'\t' '{ printf "%s\t%.2f\t%.0f\t%.3f\n", $1, $5 - $2, $6 / 1e6, ($7 - $4) / 1e6 }'
}
