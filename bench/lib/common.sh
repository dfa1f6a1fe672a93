# Sourced by run.sh: processes that end with the script, free ports, rounds, wrk, and the table.

note() { echo "$(date +%H:%M:%S) $*" >&2; }

fail() {
    echo "bench: $*" >&2
    exit 1
}

# --- what was started ------------------------------------------------------------------------------------------------------------------------

scratch='' started=()

make_scratch() {
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/packrelay-bench.XXXXXX")
    chmod 755 "$scratch" # nginx and PostgreSQL run as users of their own
    figures=$scratch/figures.tsv facts=$scratch/facts.tsv
    : >"$figures" >"$facts"
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    fact machine "$(nproc) cores of $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(awk '/MemTotal/ { printf "%.0f GB", $2 / 1e6 }' /proc/meminfo), Linux $(uname -r)"
    fact date "$(date -u '+%Y-%m-%d %H:%M UTC')"
    fact commit "$(git rev-parse --short HEAD)"
    fact load "$(cut -d' ' -f1 /proc/loadavg) before the run"
}

# start_process LOG COMMAND...: in a session of its own, so that Ctrl-C reaches this script alone, which then stops things in order. Sets $process.
start_process() {
    local log=$1
    shift
    setsid "$@" >"$log" 2>&1 </dev/null &
    process=$!
    started+=("$process")
}

# stop_process PID: SIGTERM, then up to a minute, then SIGKILL.
stop_process() {
    local i kept=()
    for i in "${started[@]}"; do [ "$i" = "$1" ] || kept+=("$i"); done
    started=("${kept[@]}")
    kill -TERM "$1" 2>/dev/null || return 0
    for ((i = 0; i < 600; i++)); do
        kill -0 "$1" 2>/dev/null || { wait "$1" 2>/dev/null || true; return 0; }
        sleep 0.1
    done
    kill -KILL "$1" 2>/dev/null || true
}

clean_up() {
    local status=$?
    trap '' INT TERM
    while [ ${#started[@]} -gt 0 ]; do stop_process "${started[-1]}"; done
    # Where the data folder cannot be reached by the user postgres, the AppHost puts PostgreSQL's data below /var/lib and says so in its log.
    if [ "$status" != 0 ] && [ -n "${BENCH_KEEP:-}" ]; then note "kept $scratch"; else rm -rf "$scratch"; fi
    exit "$status"
}

# run COMMAND...: in the foreground, but so that a signal to this script is heard at once.
run() {
    "$@" &
    local pid=$! status=0
    started+=("$pid")
    wait "$pid" || status=$?
    unset 'started[-1]'
    return "$status"
}

free_port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }

# wait_for SECONDS WHAT COMMAND...
wait_for() {
    local until=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$until" ] || fail "$what did not happen in time"
        sleep 0.2
    done
}

# --- figures ---------------------------------------------------------------------------------------------------------------------------------

# fact NAME TEXT: a line of the table's head.
fact() { printf '%s\t%s\n' "$1" "$2" >>"$facts"; }

# figure CASE KIND ROUND OURS BASELINE UNIT FLOOR GOAL; kinds: rate (ours / baseline, more is better), time (the same, less is better), added (ours - baseline, less is better), and without a baseline (-):
# reach (more is better), size (less is better)
figure() {
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$@" >>"$figures"
    note "$1, round $3: ours $4, baseline $5 $6"
}

write_table() {
    mkdir -p "$results"
    node bench/lib/table.mjs "$row" "$title" "$figures" "$facts" >"$results/$row.md"
    cat "$results/$row.md"
}

# --- wrk -------------------------------------------------------------------------------------------------------------------------------------

# run_wrk BASE REQUESTS SECONDS [HEADER...]: closed loop over the lines of REQUESTS (path, tab, If-None-Match or body). Prints one line of JSON.
run_wrk() {
    local base=$1 list=$2 duration=$3
    shift 3
    local headers=() header
    for header in "$@"; do headers+=(-H "$header"); done
    BENCH_REQUESTS=$list run wrk -t2 -c"$connections" -d"${duration}s" --timeout 10s "${headers[@]}" -s bench/lib/requests.lua "$base" >"$scratch/wrk.txt"
    sed -n 's/^BENCH //p' "$scratch/wrk.txt"
}

# rate JSON: requests per second; a bad answer voids the round.
rate() {
    [ "$(jq '.bad + .failed' <<<"$1")" = 0 ] || { note "void: $1"; return 1; }
    jq '(.requests / .seconds) | floor' <<<"$1"
}

# measured_rate BASE REQUESTS EXPECTED [HEADER...]: one round, while another client compares the hashes of answers. Sets $answer; false when the round is void.
measured_rate() {
    local base=$1 list=$2 expected=$3 checker json status=0
    shift 3
    node bench/lib/check.mjs watch "$base" "$expected" "$seconds" "$@" >"$scratch/check.txt" &
    checker=$!
    started+=("$checker")
    json=$(run_wrk "$base" "$list" "$seconds" "$@")
    wait "$checker" || status=$?
    unset 'started[-1]'
    [ "$status" = 0 ] || { note "void: $(cat "$scratch/check.txt")"; return 1; }
    checked=$((${checked:-0} + $(cat "$scratch/check.txt")))
    answer=$(rate "$json")
}

# open_loop BASE REQUESTS SECONDS RATE [HEADER...]: requests at a fixed rate over all connections, whatever the answers take. Prints one line of JSON; false when an answer was bad.
open_loop() {
    local base=$1 list=$2 duration=$3 per_connection
    per_connection=$(node -p "Math.max(1, Math.round($4 / $connections))")
    shift 4
    local headers=() header
    for header in "$@"; do headers+=(-H "$header"); done
    cut -f1 "$list" >"$scratch/paths"
    rm -f "$scratch/latencies"
    run h2load --h1 --clients="$connections" --threads=1 --duration="${duration}s" --warm-up-time=1s --rps="$per_connection" --log-file="$scratch/latencies" \
        "${headers[@]}" --base-uri="$base" --input-file="$scratch/paths" >"$scratch/h2load.txt" 2>&1 || { note "void: $(tail -3 "$scratch/h2load.txt")"; return 1; }
    sort -n -k3,3 "$scratch/latencies" | awk -F'\t' '
        { took[NR] = $3 / 1000; if ($2 != 200) bad++; if (NR == 1 || $1 < first) first = $1; if ($1 > last) last = $1 }
        END {
            if (NR == 0) exit 1
            printf "{\"requests\":%d,\"bad\":%d,\"rate\":%.0f,\"p50\":%.3f,\"p99\":%.3f}\n", NR, bad, NR / ((last - first) / 1e6), took[int(NR * 0.5) + 1], took[int(NR * 0.99) + 1]
            exit bad > 0
        }'
}
