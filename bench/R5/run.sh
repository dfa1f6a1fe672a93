# Heartbeats through the gateway, stored before the answer, against pgbench with one transaction (UPDATE and INSERT) for each beat on the hub's own PostgreSQL, with
# the same number of connections and synchronous commits; then latencies at fixed rates, a minute of sustained load, and a burst. Every acknowledged beat of the latter two
# must be in InfluxDB and Redis afterwards. The limit per server is as shipped: there are enough servers for it.

title="heartbeats against one transaction for each"
. bench/lib/beats.sh

measure() {
    local size=${servers:-30000} round ours tps few
    start_hub "$scratch/hub"
    register
    register_fleet "$size"
    postgres_variables telemetrydb
    make_baseline "$size"
    beat_connections=$((connections * 4)) # each server has a connection of its own; pgbench gets as many
    beat_closed "$((warmup < 60 ? 60 : warmup))" || true # until the hot code is compiled, beside all of this on the same cores
    wait_for 60 "connections for the baseline" run_pgbench "$warmup" "$size" "$beat_connections" # what the first beats set off holds many for a while
    for ((round = 1; round <= rounds; round++)); do
        beat_closed "$seconds" || continue
        ours=$answer
        tps=$(run_pgbench "$seconds" "$size" "$beat_connections") || continue
        few=$(run_pgbench "$seconds" "$size" "$connections") || continue
        figure "closed loop, $beat_connections connections either side" rate "$round" "$ours" "$tps" "beats/s" 0.8 2.0
        figure "the same against pgbench with $connections connections" rate "$round" "$ours" "$few" "beats/s" - -
        maximum=$ours
    done
    psql -qAt -d bench -c 'DROP TABLE beats, live'

    beat_connections=1000
    latencies_at 50
    latencies_at 80
    sustain 3000 2950 -
    [ "$maximum" -lt 7000 ] || sustain 6000 - 5900
    burst
    fact_of_settings
    fact fleet "$size servers, 100 for each API token; Telemetry:Heartbeat:MinimumInterval and Burst as shipped; open loops over $beat_connections connections, latency counted from the intended time"
    fact baseline "$(pgbench --version), prepared statements, on the hub's PostgreSQL; synchronous_commit $(psql -Atc 'SHOW synchronous_commit'), fsync $(psql -Atc 'SHOW fsync')"
    fact bytes "$(said .requestBytes) bytes of a request with its headers, $(said .answerBytes) of an answer"
}

# latencies_at PERCENT: of the maximum, open loop.
latencies_at() {
    local round rate=$((maximum * $1 / 100)) quantile
    for ((round = 1; round <= rounds; round++)); do
        beat --rate "$rate" --seconds "$seconds" || continue
        for quantile in p50 p99; do figure "$quantile at $1 % of the maximum ($rate/s)" size "$round" "$(said ".$quantile")" - ms - -; done
    done
}

# sustain RATE FLOOR GOAL: for a minute, reconciled.
sustain() {
    beat_and_reconcile --rate "$1" --seconds $((seconds * 6)) || broken="sustained $1/s: $beaten"
    figure "sustained for $((seconds * 6)) s at $1/s" reach 1 "$(said .perSecond)" - "beats/s" "$2" "$3"
    figure "p99 of it, $1/s" size 1 "$(said .p99)" - ms - 60
    figure "p99.9 of it, $1/s" size 1 "$(said .p999)" - ms - -
    figure "lost of it, $1/s" size 1 "$(said '.lost + .doubled + .unexplained + .behind')" - beats 0 0
}

# burst: 10,000 beats within one second, on top of a tenth of the maximum.
burst() {
    beat_and_reconcile --rate $((maximum / 10)) --seconds 20 --burst 10000 || broken="burst: $beaten"
    figure "lost of a burst of 10,000 in one second" size 1 "$(said '.lost + .doubled + .unexplained + .behind + .givenUp')" - beats 0 0
    figure "refused or failed of it" size 1 "$(said '.refused + .failed + .broken')" - beats - 0
    figure "the slowest of it" size 1 "$(said .max)" - ms - -
}

# make_baseline SERVERS: a row for each server, and its points.
make_baseline() {
    createdb bench
    psql -q -d bench -c 'CREATE TABLE live (server int PRIMARY KEY, players int NOT NULL, max_players int, cpu float8, ram float8, seen_at timestamptz NOT NULL) WITH (fillfactor = 70)' \
        -c 'CREATE TABLE beats (server int NOT NULL, at timestamptz NOT NULL, players int NOT NULL, max_players int, cpu float8, ram float8, PRIMARY KEY (server, at))' \
        -c "INSERT INTO live SELECT n, 0, 64, 0, 0, now() FROM generate_series(0, $1 - 1) AS n" -c 'VACUUM ANALYZE live'
}

# run_pgbench SECONDS SERVERS CONNECTIONS
run_pgbench() {
    run pgbench -n -M prepared -c "$3" -j 2 -T "$1" -D servers="$2" -f bench/R5/beat.sql bench >"$scratch/pgbench.txt" 2>&1 || { note "void: $(grep -m3 error "$scratch/pgbench.txt")"; return 1; }
    grep -q '^number of failed transactions: 0 ' "$scratch/pgbench.txt" || { note "void: $(cat "$scratch/pgbench.txt")"; return 1; }
    sed -n 's/^tps = \([0-9]*\).*/\1/p' "$scratch/pgbench.txt"
}
