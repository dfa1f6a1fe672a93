# Nothing that was acknowledged is lost: a minute at 80 % of the maximum; the same while InfluxDB hangs for 20 s; the same while one of two replicas of telemetry is killed; and a burst of
# 10,000 beats in one second. After each, every acknowledged beat is looked for in InfluxDB and Redis, one by one. The row fails when one is lost or stored twice.
# BENCH_SCENARIOS takes some of the four.

title="acknowledged heartbeats that are lost under faults"
. bench/lib/beats.sh
read -ra scenarios <<<"${BENCH_SCENARIOS:-steady influxdb-hangs replica-killed burst}"

measure() {
    local scenario rate process=''
    start_hub "$scratch/hub" Telemetry__Replicas=2
    register
    register_fleet "${servers:-20000}"
    beat_connections=128
    beat_closed "$warmup" || true
    sleep 5 # the limit per server forgets the rush
    beat_closed "$seconds" || true
    maximum=$answer rate=$((answer * 8 / 10))
    [ "$rate" -le $((registered / 6)) ] || rate=$((registered / 6)) # what the limit per server allows so many
    beat_connections=2000
    for scenario in "${scenarios[@]}"; do
        run sleep 5
        note "$scenario at $rate/s"
        case $scenario in
            steady) reconcile "$scenario" --rate "$rate" --seconds $((seconds * 6)) ;;
            influxdb-hangs) reconcile "$scenario" --rate "$rate" --seconds $((seconds * 6)) --chaos-at "$seconds" --chaos "stop:$(resource influxdb processId):$((seconds * 2))" ;;
            replica-killed) reconcile "$scenario" --rate "$rate" --seconds $((seconds * 6)) --chaos-at "$((seconds * 2))" --chaos "kill:$(resource telemetry-2 processId)" ;;
            burst) reconcile "$scenario" --rate $((rate / 4)) --seconds 20 --burst 10000 ;;
            *-killed)
                process=$(resource "${scenario%-killed}" processId)
                reconcile "$scenario" --rate "$rate" --seconds $((seconds * 3)) --chaos-at "$seconds" --chaos "kill:$process"
                ;;
        esac
    done
    fact_of_settings
    fact fleet "$registered servers, two replicas of telemetry, limit per server as shipped; $rate beats/s (maximum $maximum); open loop over $beat_connections connections; a beat whose answer is 5xx or missing is sent again as another beat"
}

# reconcile SCENARIO OPTION...
reconcile() {
    local name=$1 what
    shift
    beat_and_reconcile "$@" || broken="$broken $name: $beaten"
    note "$name: $beaten"
    for what in lost doubled unexplained behind; do figure "$name: $what" size 1 "$(said ".$what")" - beats 0 0; done
    figure "$name: acknowledged" reach 1 "$(said .acknowledged)" - beats - -
    figure "$name: attempts that failed and were repeated" size 1 "$(said '.failed + .broken')" - beats - -
    figure "$name: given up" size 1 "$(said '.givenUp + .refused')" - beats - 0
    figure "$name: came late to InfluxDB" size 1 "$(said .late)" - beats - -
    figure "$name: all were there after" size 1 "$(said .settledSeconds)" - s - -
    figure "$name: p99" size 1 "$(said .p99)" - ms - -
}
