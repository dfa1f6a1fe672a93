# Metadata of 100 packages at once, of 10,000, through the gateway: MessagePack compressed with Zstandard, as the dialect answers by default; and pgbench running the very statement that the service runs for the same
# requests, with the same ids.

title="metadata of 100 packages against pgbench running the same SQL"

measure() {
    start_hub "$scratch/hub"
    register
    postgres_variables catalogdb
    psql -q -f bench/R11/packages.sql
    requests 200 7 >"$scratch/asked"
    log_statements 0
    node bench/R11/capture.mjs "$gateway" "$scratch/asked" "$data/logs/postgres.log" "$scratch/pgbench" >"$scratch/bytes"
    log_statements -1
    local round ours tps scripts=()
    for ((round = 0; round < 100; round++)); do scripts+=(-f "$scratch/pgbench.$round.sql"); done
    export BENCH_METHOD=POST
    ask 0 "$warmup" >/dev/null
    run_pgbench "$warmup" "${scripts[@]}" >/dev/null
    for ((round = 1; round <= rounds; round++)); do
        ours=$(ask "$round" "$seconds") || continue
        tps=$(run_pgbench "$seconds" "${scripts[@]}") || continue
        figure "metadata of 100" rate "$round" "$ours" "$tps" "requests/s" 0.5 0.8
    done
    fact_of_settings
    fact answers "100 packages in each, in the order asked for, decoded and compared with the database before the rounds"
    fact baseline "$(pgbench --version), prepared statements, 100 scripts with the ids of 100 of the requests, the same database and number of connections"
    fact bytes "$(cat "$scratch/bytes")"
}

# ask ROUND SECONDS: answers per second.
ask() {
    requests $(($2 * 700)) "$1" >"$scratch/requests"
    local json
    json=$(run_wrk "$gateway" "$scratch/requests" "$2")
    rate "$json"
}

# requests COUNT SEED: lines of a path, a tab and a body, each with 100 packages of its own.
requests() {
    node -e '
        let [count, state] = process.argv.slice(1).map(Number);
        state += 1000;
        const next = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 2 ** 32;
        for (let i = 0; i < count; i++) {
            const items = Array.from({ length: 100 }, () => `{"packageId":"bench.mod.package${1 + Math.floor(next() * 10000)}.s56","version":"1.0.0"}`);
            console.log(`/api/packages/metadata\t[${items.join(",")}]`);
        }' "$1" "$2"
}

log_statements() {
    psql -qc "ALTER SYSTEM SET log_min_duration_statement = $1" -c "SELECT pg_reload_conf()" >/dev/null
    sleep 1
}

# run_pgbench SECONDS -f SCRIPT...: transactions per second.
run_pgbench() {
    local duration=$1
    shift
    run pgbench -n -M prepared -c "$connections" -j 2 -T "$duration" "$@" >"$scratch/pgbench.txt" 2>&1 || { note "void: $(grep -m3 error "$scratch/pgbench.txt")"; return 1; }
    grep -q '^number of failed transactions: 0 ' "$scratch/pgbench.txt" || { note "void: $(tail -5 "$scratch/pgbench.txt")"; return 1; }
    sed -n 's/^tps = \([0-9]*\).*/\1/p' "$scratch/pgbench.txt"
}
