# Events from a committed row of the catalog's outbox over the broker to telemetry's database, through the real services, against a bare RabbitMQ.Client that sends one message
# for each event: persistent, confirms with a window of 200, a quorum queue on the hub's own broker. The webhook service and the gateway get the same events meanwhile, as always.

title="events from the outbox to their consumer against a bare client of the broker"

measure() {
    local round ours baseline count=${BENCH_EVENTS:-20000}
    start_hub "$scratch/hub"
    register
    postgres_variables catalogdb
    broker=$(connection_string messaging)
    drain 0 "$count" >/dev/null # until the hot code is compiled
    raw "$count" >/dev/null
    for ((round = 1; round <= rounds; round++)); do
        ours=$(drain "$round" "$count")
        settle
        baseline=$(raw "$count")
        figure "events" rate "$round" "$ours" "$baseline" "events/s" 0.15 0.4
        figure "drain" reach "$round" "$ours" - "events/s" - 2000
    done
    fact parameters "$rounds rounds, $count events of different packs each, committed to the outbox at once; $(event_bytes) bytes of JSON either side; ours and the baseline in turn"
    fact hub "Release, started through the AppHost, logging and telemetry as shipped; each event goes to three consumers"
    fact answers "after each round every event was a row in telemetry's database, no more and no fewer; the other consumers' queues were empty before the baseline's turn"
    fact baseline "RabbitMQ.Client, one producer with at most 200 unconfirmed messages, one consumer with a prefetch of 200 that acknowledges each; quorum queue, persistent messages"
}

# drain ROUND EVENTS: events per second, from before the commit until the last one has taken effect.
drain() {
    local began ended
    began=$(date +%s.%N)
    insert "$1" "$2"
    until [ "$(psql -At -d telemetrydb -c "SELECT count(*) FROM packs WHERE slug LIKE 'bench-bus-$1-%'")" = "$2" ]; do
        [ "$(node -p "$(date +%s) - $began > 120")" = false ] || fail "not all events of round $1 arrived"
        sleep 0.05
    done
    ended=$(date +%s.%N)
    node -p "Math.round($2 / ($ended - $began))"
}

insert() {
    psql -q -v ON_ERROR_STOP=1 -v round="$1" -v count="$2" -v owner="$account" -f bench/R8/events.sql
}

event_bytes() { psql -qAt -v round=0 -v count=1 -v owner="$account" -f bench/R8/bytes.sql; }

raw() { dotnet artifacts/bin/Bus/release/Bus.dll raw --broker "$broker" --messages "$1" --bytes "$(event_bytes)" | jq '.perSecond | floor'; }

# settle: what the other consumers still have before them is done before the baseline's turn.
settle() {
    wait_for 60 "sending the events of a round" nothing_left "SELECT count(*) FROM outbox"
    run sleep 2
}

nothing_left() { [ "$(psql -At -c "$1")" = 0 ]; }
