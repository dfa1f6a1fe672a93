# Resident memory of each service: idle, half a minute after the start, and the most while it is under load: pages, manifests, searches, publishes, heartbeats
# and profiles, each for a round, with the collector's default settings.

title="resident memory of the services"
services=(gateway identity catalog telemetry webhook)

measure() {
    start_hub "$scratch/hub" Telemetry__Heartbeat__MinimumInterval=00:00:00 Plans__Free__Servers=100000 Plans__Free__StorageBytes=1000000000000
    note "idle for 30 s"
    run sleep 30
    local service
    for service in "${services[@]}"; do figure "$service, idle" size 1 "$(resident "$service")" - MB 150 90; done

    register
    load_catalogue "${packs:-1000}"
    generator upload --gateway "$gateway" --token "$token" # what is published refers to these files
    prepare_loads
    local load peak=0
    declare -A most
    for load in pages manifests searches profiles publishes heartbeats; do
        case $load in publishes | heartbeats) export BENCH_METHOD=POST ;; *) unset BENCH_METHOD ;; esac
        note "$load"
        run_wrk "$gateway" "$scratch/$load" "$seconds" "$bearer" >"$scratch/load.json" &
        local client=$!
        while kill -0 "$client" 2>/dev/null; do
            for service in "${services[@]}"; do
                peak=$(resident "$service")
                [ "$peak" -le "${most[$service]:-0}" ] || most[$service]=$peak
            done
            sleep 0.5
        done
        wait "$client"
        rate "$(cat "$scratch/load.json")" >/dev/null || fail "answers to $load were bad"
    done
    for service in "${services[@]}"; do figure "$service, most under load" size 1 "${most[$service]}" - MB 400 250; done
    fact parameters "$seconds s of each load over $connections connections: pages of private packs, manifests of 4 and 512 KB, searches, profiles, publishes, heartbeats"
    fact hub "Release, started through the AppHost, everything as shipped; resident memory is VmRSS"
}

# resident SERVICE: MB of 10^6 bytes.
declare -A process_of
resident() {
    [ -n "${process_of[$1]:-}" ] || process_of[$1]=$(resource "$1" processId)
    awk '/^VmRSS/ { printf "%.0f", $2 * 1024 / 1e6 }' "/proc/${process_of[$1]}/status"
}

prepare_loads() {
    local i slug
    zipf 1000 5000 | sed 's|.*|/api/v1/packs/bench-private-&|' >"$scratch/pages"
    { zipf 1000 4000 | sed 's|.*|/api/v1/packs/bench-4k-&/manifest/1.0.0|'; zipf 20 500 | sed 's|.*|/api/v1/packs/bench-512k-&/manifest/1.0.0|'; } | shuf --random-source=/dev/zero >"$scratch/manifests"
    generator terms --packs "${packs:-1000}" --kind common --count 80 | jq -Rr '"/api/v1/packs?q=" + @uri' >"$scratch/searches"
    echo /api/v1/me >"$scratch/profiles"
    generator publishes --account "$account" --username "$username" --seed "$seed" --run 1 --count $((seconds * 4000)) >"$scratch/publishes"
    for ((i = 0; i < 50; i++)); do
        slug=bench-server-$i
        curl -fsS -H "$bearer" -H 'Content-Type: application/json' -d "{\"slug\":\"$slug\",\"name\":\"Server $i\",\"region\":\"eu\",\"game\":\"7d2d\"}" "$gateway/api/v1/servers" >/dev/null
        printf '/api/v1/servers/%s/heartbeat\t{"currentPlayers":%s,"maxPlayers":64,"cpuPct":12.5,"ramPct":40}\n' "$slug" "$i"
    done >"$scratch/servers"
    for ((i = 0; i < seconds * 200; i++)); do cat "$scratch/servers"; done >"$scratch/heartbeats"
}
