#!/usr/bin/env bash
# Installs what tests take from npm (an S3-compatible server, a verifier of Standard Webhooks, readers of MessagePack and Zstandard), at the versions of tests/node/package-lock.json, into artifacts/node.
# Does nothing when it is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
target=artifacts/node
mkdir -p "$target"
exec 9>"$target/.lock"
flock 9 # test assemblies may ask for it at the same time
cmp -s tests/node/package-lock.json "$target/.installed" && exit 0
command -v npm >/dev/null || { echo "npm is missing (Debian package npm): some tests need what it installs." >&2; exit 3; }
cp tests/node/package.json tests/node/package-lock.json "$target/"
npm ci --prefix "$target" --no-audit --no-fund --loglevel error
cp tests/node/package-lock.json "$target/.installed"
