#!/usr/bin/env bash
# Writes docs/openapi/packrelay.json anew, from the code of the services and the routes of the gateway.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
dotnet build src/AppHost --configuration Release --verbosity quiet --nologo # builds every service
dotnet run --project eng/ApiDocument --configuration Release
