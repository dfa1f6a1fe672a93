# What a heartbeat costs with 1,000, 10,000 and 100,000 servers: beats a second (closed loop), and processor time and bytes of every process for each beat at a fixed rate.
# The limit per server is off (Telemetry:Heartbeat:MinimumInterval=0), because 1,000 servers must beat faster than it allows.

title="the cost of a heartbeat by the number of servers"
. bench/lib/beats.sh

measure() {
    local size round first=''
    start_hub "$scratch/hub" Telemetry__Heartbeat__MinimumInterval=00:00:00
    register
    declare -A base
    for size in ${servers:-1000 10000 100000}; do
        register_fleet "$size"
        beat_connections=$((connections * 4))
        beat_closed "$warmup" || true
        for ((round = 1; round <= rounds; round++)); do
            beat_closed "$seconds" || continue
            base[$size,$round]=$answer
            figure "beats a second, $size servers against ${first:-$size}" rate "$round" "$answer" "${base[${first:-$size},$round]:-$answer}" "beats/s" 0.8 0.95
        done
        [ -n "$first" ] || idle
        cost "$size" $((answer / 2))
        first=${first:-$size}
    done
    own_tokens
    cost "$size" $((answer / 2)) ", own tokens"
    fact_of_settings
    fact fleet "100 servers for each API token, or with \"own tokens\" one; Telemetry:Heartbeat:MinimumInterval=0; costs at half of the maximum, open loop over 1,000 connections"
    fact bytes "$(said .requestBytes) bytes of a request with its headers, $(said .answerBytes) of an answer"
}

# idle: processor time of every resource while nobody beats, which is in the costs as well.
idle() {
    local name cpu resident written
    mark_processes
    run sleep "$seconds"
    while IFS=$'\t' read -r name cpu resident written; do
        figure "processor time of $name, idle" size 1 "$(awk "BEGIN { printf \"%.1f\", $cpu * 1e3 / $seconds }")" - "ms/s" - -
    done < <(processes_since)
}

# cost SERVERS RATE [HOW]: processor time, memory and bytes written of every resource, for each beat.
cost() {
    local name cpu resident written beats
    beat_connections=1000
    mark_processes
    beat --rate "$2" --seconds $((seconds * 2)) || fail "$beaten"
    beats=$(said .acknowledged)
    while IFS=$'\t' read -r name cpu resident written; do
        figure "processor time of $name, $1 servers${3:-}" size 1 "$(awk "BEGIN { printf \"%.1f\", $cpu * 1e6 / $beats }")" - "µs/beat" - -
        case $name in influxdb | cache | postgres | messaging) figure "written by $name, $1 servers${3:-}" size 1 "$(awk "BEGIN { printf \"%.0f\", $written * 1e6 / $beats }")" - "B/beat" - - ;; esac
        [ "$name" = postgres ] || figure "memory of $name, $1 servers${3:-}" size 1 "$resident" - MB - -
    done < <(processes_since)
}
