#!/usr/bin/env bash
# Builds everything and runs every test against real servers. Arguments name test projects: ./test.sh Manifests EndToEnd
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. eng/packages.sh

ensure_dotnet
test_packages=(curl openssl)
command -v node >/dev/null || test_packages+=(nodejs)
command -v python3 >/dev/null || test_packages+=(python3)
command -v npm >/dev/null || test_packages+=(npm)
command -v unzip >/dev/null || test_packages+=(unzip)
command -v chromium >/dev/null || test_packages+=(chromium)
ensure_packages "${hub_packages[@]}" "${test_packages[@]}"
eng/node-packages.sh

echo "Building..."
dotnet build PackRelay.sln --configuration Release --verbosity quiet --nologo

results=artifacts/test-results
rm -rf "$results"
assemblies=()
for project in "${@:-*}"; do
    for assembly in artifacts/bin/${project%.Tests}.Tests/release/*.Tests.dll; do
        [ -e "$assembly" ] && assemblies+=("$assembly")
    done
done
[ ${#assemblies[@]} -gt 0 ] || { echo "No test project matches: $*" >&2; exit 1; }

# One private instance of each server serves all test assemblies, which run one after the other.
artifacts/bin/Testing/release/Testing -- dotnet test "${assemblies[@]}" --logger 'trx;LogFileName=all.trx' --logger 'console;verbosity=minimal' --results-directory "$results" &
runner=$!
# Interrupted, this script stays until the runner has stopped the servers and the tests.
trap 'kill -TERM "$runner" 2>/dev/null || true' INT TERM
status=0
wait "$runner" || status=$?
while kill -0 "$runner" 2>/dev/null; do # a signal ended the wait, not the runner
    status=0
    wait "$runner" || status=$?
done

count() { # sums one counter over the result files
    grep -ho "<Counters [^>]*" "$results"/*.trx 2>/dev/null | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'
}
passed=$(count passed) failed=$(count failed) total=$(count total) executed=$(count executed)
[ "$passed" -gt 0 ] && [ "$failed" = 0 ] || status=1
echo "$passed passed, $failed failed, $((total - executed)) skipped"
exit "$status"
