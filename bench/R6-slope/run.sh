# Webhooks with a long log behind them: deliveries per second, and the query that looks for what is due, with nothing, 100,000 and 1,000,000 delivered rows in the tables.

. bench/R6/run.sh
title="webhooks beside what was delivered before"

measure() {
    local round size rows=0 ours took events=${BENCH_EVENTS:-100} hooks=100
    local -A rate_of time_of # by round, with no rows behind
    start_hub "$scratch/hub" Plans__Free__Webhooks=1000
    register
    postgres_variables catalogdb
    register_webhooks "$hooks"
    burst 0 "$events" 0 >/dev/null # until the hot code is compiled
    for size in ${deliveries:-0 100000 1000000}; do
        fill $((size - rows))
        rows=$size
        burst "w$size" "$events" 0 >/dev/null
        for ((round = 1; round <= rounds; round++)); do
            ours=$(burst "$size-$round" "$events" 0)
            settle
            took=$(due_query)
            figure "fan-out, $size delivered rows" rate "$round" "$ours" "${rate_of[$round]:=$ours}" "deliveries/s" - -
            figure "due query, $size delivered rows" time "$round" "$took" "${time_of[$round]:=$took}" "ms" - 1.2
        done
    done
    fact parameters "$rounds rounds of $events events at once, each to $hooks endpoints; the due query alone for 3 s in each round; the sizes one after the other, since the table only grows"
    fact hub "Release, started through the AppHost, logging and telemetry as shipped"
    fact baseline "the same round without the delivered rows"
}

# fill COUNT: delivered rows with one attempt each, spread over all endpoints.
fill() {
    [ "$1" -gt 0 ] && note "adding $1 delivered rows" && psql -q -v ON_ERROR_STOP=1 -v count="$1" -d webhookdb -f bench/R6-slope/fill.sql
    psql -q -d webhookdb -c 'VACUUM ANALYZE' # as PostgreSQL does by itself within a minute
}

# due_query: milliseconds of one look while nothing is due.
due_query() {
    sed 's/\$1/now()/g; s/\$2/now()/g; s/\$3/4/g; s/\$4/512/g; $a;' src/WebhookService/Deliveries/Claim.sql >"$scratch/claim.sql"
    PGOPTIONS='-c enable_seqscan=off -c enable_bitmapscan=off -c enable_sort=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off' \
        run pgbench -n -M prepared -c 1 -T 3 -f "$scratch/claim.sql" webhookdb >"$scratch/pgbench.txt" 2>&1 || fail "$(cat "$scratch/pgbench.txt")"
    sed -n 's/^latency average = \([0-9.]*\) ms/\1/p' "$scratch/pgbench.txt"
}
