#!/usr/bin/env bash
# Starts the whole hub on this machine: installs what is missing, builds, starts the servers and services. Ctrl-C stops all of it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. eng/packages.sh

ensure_dotnet
ensure_packages "${hub_packages[@]}"
echo "Building PackRelay (the first time takes a minute or more)..."
dotnet build src/AppHost --configuration Release --verbosity minimal --nologo -consoleLoggerParameters:NoSummary
# Without the profile for developers: as in production, one request in twenty is traced.
exec dotnet run --project src/AppHost --configuration Release --no-build --no-launch-profile -- "$@"
