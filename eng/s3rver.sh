#!/usr/bin/env bash
# Installs the S3-compatible server that tests use, at the versions of tests/servers/package-lock.json, into artifacts/s3rver. Does nothing when it is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
target=artifacts/s3rver
mkdir -p "$target"
exec 9>"$target/.lock"
flock 9 # test assemblies may ask for it at the same time
cmp -s tests/servers/package-lock.json "$target/.installed" && exit 0
command -v npm >/dev/null || { echo "npm is missing (Debian package npm): the tests of the S3 store need it." >&2; exit 3; }
cp tests/servers/package.json tests/servers/package-lock.json "$target/"
npm ci --prefix "$target" --no-audit --no-fund --loglevel error
cp tests/servers/package-lock.json "$target/.installed"
