# Two replicas of telemetry against one: two hubs on one machine, of which the one that is not measured is idle. Load generator, gateway and stores share the processor with the
# replicas, so that two can only be faster than one where there are cores for them.

title="two replicas of telemetry against one"
. bench/lib/beats.sh

measure() {
    local size=${servers:-20000} round one
    beat_connections=$((connections * 4))
    start_hub "$scratch/one" Telemetry__Heartbeat__MinimumInterval=00:00:00
    register
    register_fleet "$size"
    beat_closed "$warmup" || true
    local data_of_one=$data gateway_of_one=$gateway status_page_of_one=$status_page
    registered=0
    start_hub "$scratch/two" Telemetry__Heartbeat__MinimumInterval=00:00:00 Telemetry__Replicas=2
    register
    register_fleet "$size"
    beat_closed "$warmup" || true
    local data_of_two=$data gateway_of_two=$gateway status_page_of_two=$status_page
    for ((round = 1; round <= rounds; round++)); do
        data=$data_of_two gateway=$gateway_of_two status_page=$status_page_of_two
        beat_closed "$seconds" || continue
        local two=$answer
        data=$data_of_one gateway=$gateway_of_one status_page=$status_page_of_one
        beat_closed "$seconds" || continue
        figure "closed loop, two replicas against one" rate "$round" "$two" "$answer" "beats/s" - 1.5
    done
    fact_of_settings
    fact fleet "$size servers, $beat_connections connections; Telemetry:Heartbeat:MinimumInterval=0"
}
