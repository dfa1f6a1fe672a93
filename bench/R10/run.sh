# The list of servers: pages of 50 in each order at 5,000 servers and more, against the same at 50 servers. Two hubs, in turn; the gateway keeps no lists.

title="pages of 50 servers by the number of servers"
. bench/lib/beats.sh

measure() {
    local size small_gateway large_gateway order
    for order in players recent name favorites; do echo "/api/v1/servers?limit=50&sort=$order"; done >"$scratch/pages"
    start_hub "$scratch/small" Gateway__Cache__ListLifetime=00:00:00
    register
    populate 50
    small_gateway=$gateway
    start_hub "$scratch/large" Gateway__Cache__ListLifetime=00:00:00
    register
    large_gateway=$gateway
    registered=0
    node bench/lib/check.mjs learn "$small_gateway" "$scratch/pages" >"$scratch/expected-small"
    for size in ${servers:-5000 50000}; do
        populate "$size"
        node bench/lib/check.mjs learn "$large_gateway" "$scratch/pages" >"$scratch/expected-large"
        compare "$size"
    done
    fact_of_settings
    fact answers "hashes and status of $checked answers compared during the rounds; none was wrong; the first of $(curl -fsS "$large_gateway/api/v1/servers?limit=50" | wc -c) bytes"
    fact lists "four orders in turn; Gateway:Cache:ListLifetime=0"
}

# populate SERVERS: registers as many, most of them online, with players.
populate() {
    add_servers "$1"
    postgres_variables catalogdb
    psql -q -c "UPDATE server_live SET current_players = hashtext(server_id::text) & 63, max_players = 64, online = hashtext(server_id::text) % 10 <> 0, last_seen_at = '2100-01-01', uptime_pct = 99.5" -c 'VACUUM ANALYZE servers, server_live'
}

compare() {
    local round small large
    # Long: both hubs are new, and differ in how much of them is compiled already.
    run_wrk "$large_gateway" "$scratch/pages" $((warmup * 4)) >/dev/null
    run_wrk "$small_gateway" "$scratch/pages" $((warmup * 4)) >/dev/null
    for ((round = 1; round <= rounds; round++)); do
        measured_rate "$large_gateway" "$scratch/pages" "$scratch/expected-large" || continue
        large=$(milliseconds "$answer")
        measured_rate "$small_gateway" "$scratch/pages" "$scratch/expected-small" || continue
        small=$(milliseconds "$answer")
        figure "page of 50 at $1 servers (ours) against 50 (baseline)" time "$round" "$large" "$small" ms 2 1.1
    done
}

milliseconds() { node -p "($connections * 1000 / $1).toFixed(3)"; }
