# The catalogue's list through the gateway, and pgbench running the very statements that the service runs for the same requests, with the same parameters.
# 240 search terms of three selectivities with their second pages, and pages of four orders down to depth 1,000; the gateway keeps no list.

title="the list of packs against pgbench running the same SQL"

measure() {
    local size
    for size in ${packs:-100000}; do measure_at "$size"; done
    fact_of_settings
    fact answers "hashes and status of $checked answers compared during the rounds; none was wrong"
    fact baseline "$(pgbench --version), prepared statements, the same database and number of connections, synchronous_commit and fsync on"
}

measure_at() {
    start_hub "$scratch/hub-$1" Gateway__Cache__ListLifetime=00:00:00 # every answer is made anew
    register
    load_catalogue "$1"
    postgres_variables catalogdb
    local kind list
    for kind in common middling rare; do generator terms --packs "$1" --kind "$kind" --count 80 >"$scratch/$kind"; done
    note "walking the lists"
    node bench/R3/requests.mjs "$gateway" "$bearer" "$scratch" common middling rare
    for list in search page first deep; do prepare "$list"; done
    compare search 0.6 0.9 "$1"
    compare page 0.25 0.5 "$1"
    compare_depth "$1"
    stop_hub
}

# prepare LIST: what must be answered, and a script for pgbench made of what the service itself asks the database.
prepare() {
    log_statements 0
    node bench/lib/check.mjs learn "$gateway" "$scratch/$1" "$bearer" >"$scratch/$1.expected"
    node bench/R3/capture.mjs "$gateway" "$bearer" "$scratch/$1" "$data/logs/postgres.log" "$scratch/$1.sql" "$scratch/$1.variables"
    log_statements -1
}

log_statements() {
    psql -qc "ALTER SYSTEM SET log_min_duration_statement = $1" -c "SELECT pg_reload_conf()" >/dev/null
    sleep 1
}

# compare LIST FLOOR GOAL PACKS
compare() {
    local round ours tps variables
    mapfile -t variables <"$scratch/$1.variables"
    run_wrk "$gateway" "$scratch/$1" "$warmup" "$bearer" >/dev/null
    run_pgbench "$warmup" "$scratch/$1.sql" "${variables[@]}" >/dev/null
    for ((round = 1; round <= rounds; round++)); do
        measured_rate "$gateway" "$scratch/$1" "$scratch/$1.expected" "$bearer" || continue
        ours=$answer
        tps=$(run_pgbench "$seconds" "$scratch/$1.sql" "${variables[@]}") || continue
        figure "$1, $4 packs" rate "$round" "$ours" "$tps" "requests/s" "$2" "$3"
    done
}

# compare_depth PACKS: pages at depth 1,000 against first pages, both ours: time per request is the inverse of the rate.
compare_depth() {
    local round deep first
    for ((round = 1; round <= rounds; round++)); do
        measured_rate "$gateway" "$scratch/deep" "$scratch/deep.expected" "$bearer" || continue
        deep=$(milliseconds "$answer")
        measured_rate "$gateway" "$scratch/first" "$scratch/first.expected" "$bearer" || continue
        first=$(milliseconds "$answer")
        figure "page $(cat "$scratch/depth") (ours) against page 1 (baseline), $1 packs" time "$round" "$deep" "$first" "ms" 1.2 1.2
    done
}

milliseconds() { node -p "($connections * 1000 / $1).toFixed(3)"; }

# run_pgbench SECONDS SCRIPT [-DNAME=VALUE...]: transactions per second.
run_pgbench() {
    local duration=$1 script=$2
    shift 2
    run pgbench -n -M prepared -c "$connections" -j 2 -T "$duration" -f "$script" "$@" >"$scratch/pgbench.txt" 2>&1 || { note "void: $(grep -m3 error "$scratch/pgbench.txt")"; return 1; }
    grep -q '^number of failed transactions: 0 ' "$scratch/pgbench.txt" || { note "void: $(cat "$scratch/pgbench.txt")"; return 1; }
    sed -n 's/^tps = \([0-9]*\).*/\1/p' "$scratch/pgbench.txt"
}
