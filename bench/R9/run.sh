# Curves of 24 h in 48 buckets through the gateway, against InfluxDB answering the same query over the same points itself. 400 servers with a point every 30 s.

title="curves against InfluxDB's own query"
. bench/lib/beats.sh

measure() {
    local size=${servers:-400} round ours baseline count=8
    start_hub "$scratch/hub" Gateway__Cache__ListLifetime=00:00:00
    register
    register_fleet "$size"
    note "writing a day of points"
    influx=$(resource influxdb 'endpoints[0]')
    INFLUX_PASSWORD=$(secret influx-password) run "${heartbeats[@]}" history --servers "$size" --seed "$fleet_seed" --influx "$influx" --influx-user packrelay >"$scratch/queries"
    zipf "$size" 2000 | awk '{ printf "/api/v1/servers/beat-%06d/metrics?window=24h&buckets=48\n", $1 }' >"$scratch/curves"
    curl -fsS "$gateway$(head -1 "$scratch/curves")" | jq -e '.buckets | length == 48 and all(.players != null)' >/dev/null || fail "a curve has holes"
    local login
    login="Authorization: Basic $(printf 'packrelay:%s' "$(secret influx-password)" | base64 -w0)"
    connections=$count
    ask "$gateway" "$scratch/curves" "$warmup" >/dev/null
    ask "$influx" "$scratch/queries" "$warmup" "$login" >/dev/null
    for ((round = 1; round <= rounds; round++)); do
        ours=$(ask "$gateway" "$scratch/curves" "$seconds") || continue
        baseline=$(ask "$influx" "$scratch/queries" "$seconds" "$login") || continue
        figure "p50 of a curve" time "$round" "$ours" "$baseline" ms 2.0 1.2
    done
    fact_of_settings
    fact fleet "$size servers by Zipf, a point every 30 s for 24 h; $count connections, closed loop; Gateway:Cache:ListLifetime=0"
    fact baseline "$(influxd version), the statement that the service sends, with the times and the server in place"
}

# ask BASE REQUESTS SECONDS [HEADER]: p50 in ms; false when an answer was bad.
ask() {
    local json
    json=$(run_wrk "$@")
    rate "$json" >/dev/null || return 1
    jq .p50 <<<"$json"
}
