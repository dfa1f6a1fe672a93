#!/usr/bin/env bash
# Measures one row of the performance table: bench/run.sh R2. See README.md for the rows and the options.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. eng/packages.sh
. bench/lib/common.sh
. bench/lib/hub.sh

usage() {
    cat >&2 <<'TEXT'
usage: bench/run.sh R1|R2|R3|R4|R5|R5-slope|R5-replicas|R5-faults|R5-kills|R6|R6-slope|R7|R8|R9|R10|R11|railcraft|start|memory|all
           [--rounds N] [--seconds N] [--warmup N] [--packs "1000 10000 100000"] [--servers "1000 10000 100000"] [--connections N] [--results FOLDER]
TEXT
    exit 2
}

[ $# -ge 1 ] || usage
row=$1
shift
rounds=5 seconds=10 warmup=3 connections=32 packs='' servers='' results=bench/results
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1 in
        --rounds) rounds=$2 ;;
        --seconds) seconds=$2 ;;
        --warmup) warmup=$2 ;;
        --packs) packs=$2 ;;
        --servers) servers=$2 ;;
        --connections) connections=$2 ;;
        --results) results=$2 ;;
        *) usage ;;
    esac
    shift 2
done

if [ "$row" = all ]; then
    status=0
    for one in R1 R2 R3 R4 R5 R5-slope R5-replicas R5-faults R5-kills R6 R6-slope R7 R8 R9 R10 R11 railcraft start memory; do
        "$0" "$one" --rounds "$rounds" --seconds "$seconds" --warmup "$warmup" --connections "$connections" --results "$results" ${packs:+--packs "$packs"} ${servers:+--servers "$servers"} || status=1
    done
    exit "$status"
fi
[ -e "bench/$row/run.sh" ] || usage

ensure_dotnet
tools=(wrk nginx-light nghttp2-client jq procps)
[ "$row" != railcraft ] || tools+=(zip unzip)
command -v node >/dev/null || tools+=(nodejs)
command -v nginx >/dev/null && tools=("${tools[@]/nginx-light/}")
ensure_packages "${hub_packages[@]}" ${tools[@]}

note "building"
for project in src/AppHost bench/Generator bench/Heartbeats bench/Bus bench/Webhooks bench/Archives; do
    built=$(dotnet build "$project" --configuration Release --verbosity quiet --nologo) || { echo "$built" >&2; exit 1; }
done

broken='' # what a row found to be wrong; it fails when its table is written
make_scratch
. "bench/$row/run.sh"
measure
write_table
[ -z "$broken" ] || fail "$broken"
