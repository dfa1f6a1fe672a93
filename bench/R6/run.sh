# Webhooks: each event to 100 endpoints, durable and signed, through the real services from the catalog's outbox on; against a bare HttpClient loop with the same signatures, bodies
# and concurrency that stores nothing. The endpoints are loopback addresses of their own, served by one process that checks every signature. Then the time from an event to its
# first byte at a steady pace, and what ten endpoints that never answer cost the others.

title="webhooks against a bare HttpClient loop"

measure() {
    local round events=${BENCH_EVENTS:-150} hooks=100
    start_hub "$scratch/hub" Plans__Free__Webhooks=1000
    register
    postgres_variables catalogdb
    register_webhooks "$hooks"
    burst 0 "$events" 0 >/dev/null # until the hot code is compiled
    bare "$events" >/dev/null
    psql -q -d webhookdb -c "VACUUM ANALYZE" # as PostgreSQL does by itself within a minute
    local ours baseline hanging
    for ((round = 1; round <= rounds; round++)); do
        ours=$(burst "$round" "$events" 0)
        settle
        baseline=$(bare "$events")
        figure "fan-out" rate "$round" "$ours" "$baseline" "deliveries/s" 0.3 0.6
        figure "deliveries" reach "$round" "$ours" - "deliveries/s" - 2500
        steady "$round"
    done
    for ((round = 1; round <= rounds; round++)); do
        ours=$(burst "9$round" "$events" 0)
        settle
        hanging=$(burst "8$round" "$events" 10)
        forget
        figure "with 10 of 100 endpoints hanging, against none" rate "$round" "$hanging" "$ours" "deliveries/s to the others" - 0.85
    done
    fact parameters "$rounds rounds; $events events at once, each to $hooks endpoints at addresses of their own; ours and the baseline in turn; Webhooks:Delivery as shipped (4 at a time for each endpoint)"
    fact hub "Release, started through the AppHost, logging and telemetry as shipped"
    fact answers "each delivery came once, with a valid signature of Standard Webhooks; one that did not voids the run"
    fact baseline "HttpClient, 400 requests at a time, the same body sizes, HMAC-SHA256 for each; it keeps no log"
}

# register_webhooks COUNT: endpoints of the benchmark's account; writes address and secret of each to $endpoints.
register_webhooks() {
    endpoints=$scratch/endpoints hooks_port=$(free_port)
    local i url
    for ((i = 1; i <= $1; i++)); do
        url=http://127.0.1.$i:$hooks_port/hook
        printf '%s\t%s\n' "$url" "$(curl -fsS -H "$bearer" -H 'Content-Type: application/json' -d "{\"url\":\"$url\",\"events\":[\"pack.version_published\"]}" "$gateway/api/v1/webhooks" | jq -er .secret)"
    done >"$endpoints"
}

# receive EXPECTED HANGING SECONDS: starts the receiver; its outcome goes to $scratch/received when it ends.
receive() {
    rm -f "$scratch/received" "$scratch/listening"
    dotnet artifacts/bin/Webhooks/release/Webhooks.dll receive --endpoints "$endpoints" --expect "$1" --hanging "$2" --seconds "$3" >"$scratch/received" 2>"$scratch/listening" &
    receiver=$!
    started+=("$receiver")
    wait_for 30 "a receiver" grep -q listening "$scratch/listening"
}

# received EXPECTED: waits for the receiver and checks what it saw.
received() {
    wait "$receiver" || fail "the receiver ended badly: $(cat "$scratch/listening")"
    unset 'started[-1]'
    [ "$(jq -c '[.received, .badSignatures, .repeated]' "$scratch/received")" = "[$1,0,0]" ] || fail "expected $1 deliveries: $(cat "$scratch/received")"
}

# burst ROUND EVENTS HANGING: deliveries per second to the endpoints that answer.
burst() {
    local expected=$(($2 * (hooks - $3))) began
    receive "$expected" "$3" 120
    began=$(date +%s%3N)
    insert "$1" "$2"
    received "$expected"
    jq --argjson began "$began" --argjson count "$expected" '$count * 1000 / (.lastMs - $began) | floor' "$scratch/received"
}

# bare EVENTS: the same by the loop.
bare() {
    local expected=$(($1 * hooks)) began
    receive "$expected" 0 120
    began=$(run dotnet artifacts/bin/Webhooks/release/Webhooks.dll bare --endpoints "$endpoints" --events "$1" --bytes "$(body_bytes)" --concurrency 400 | jq .startedMs)
    received "$expected"
    jq --argjson began "$began" --argjson count "$expected" '$count * 1000 / (.lastMs - $began) | floor' "$scratch/received"
}

# steady ROUND: five events a second, each to all endpoints.
steady() {
    local i count=$((seconds * 5))
    receive $((count * hooks)) 0 $((seconds + 60))
    for ((i = 0; i < count; i++)); do
        insert "7$1-$i" 1
        sleep 0.18
    done
    received $((count * hooks))
    figure "event to first byte, p50, at 500 deliveries/s" size "$1" "$(jq .p50 "$scratch/received")" - ms - -
    figure "event to first byte, p99, at 500 deliveries/s" size "$1" "$(jq .p99 "$scratch/received")" - ms - 250
}

# insert ROUND EVENTS
insert() { psql -q -v ON_ERROR_STOP=1 -v round="hook-$1" -v count="$2" -v owner="$account" -f bench/R8/events.sql; }

body_bytes() { psql -At -d webhookdb -c 'SELECT round(avg(octet_length(body))) FROM deliveries'; }

# settle: the log of a round is written before the other side's turn.
settle() { wait_for 60 "the log of a round" nothing_pending; }

nothing_pending() { [ "$(psql -At -d webhookdb -c "SELECT count(*) FROM deliveries WHERE status = 'pending'")" = 0 ]; }

# forget: what hangs would hang for the rounds that follow too.
forget() { psql -q -d webhookdb -c "DELETE FROM deliveries WHERE status = 'pending'"; }
