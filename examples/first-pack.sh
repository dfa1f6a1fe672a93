#!/usr/bin/env bash
# The life of a pack, from an empty account to a delivered webhook, with nothing but curl, openssl and node.
# Start the hub with ./run.sh, then run this file. Another address: PACKRELAY=https://packs.example.org examples/first-pack.sh
set -euo pipefail

hub=${PACKRELAY:-http://localhost:8080}
hub=${hub%/}
for tool in curl openssl node; do
    command -v "$tool" >/dev/null || { echo "This example needs $tool." >&2; exit 3; }
done

work=$(mktemp -d)
receiver=
trap '[ -z "$receiver" ] || kill "$receiver" 2>/dev/null; rm -rf "$work"' EXIT
run=$(openssl rand -hex 4) # a new name each time, so that the example can be run again
user=demo-$run pack=first-pack-$run server=first-server-$run

step() { printf '\n== %s\n' "$*"; }
fail() { echo "FAILED: $*" >&2; exit 1; }

# call METHOD PATH [curl options]: prints the answer's body and stops at any status that is not 2xx.
call() {
    local method=$1 path=$2 status
    shift 2
    status=$(curl -sS -o "$work/answer" -w '%{http_code}' -X "$method" "$hub$path" "$@") || fail "$hub does not answer; is the hub running?"
    case $status in 2??) cat "$work/answer" ;; *) fail "$method $path answered $status: $(cat "$work/answer")" ;; esac
}
json() { call "$1" "$2" -H 'Content-Type: application/json' -d "$3" "${@:4}"; }
field() { node -p "JSON.parse(require('fs').readFileSync(0, 'utf8'))$1"; } # field .name < answer

# wait_for DESCRIPTION COMMAND...: repeats a check for up to a minute.
wait_for() {
    local what=$1 end=$((SECONDS + 60))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || fail "$what did not happen within a minute"
        sleep 0.1
    done
}

step "Create an account, sign in, become a server owner, mint an API token"
password=$(openssl rand -base64 18)
json POST /api/v1/accounts "{\"username\":\"$user\",\"email\":\"$user@example.org\",\"password\":\"$password\"}"; echo
json POST /api/v1/sessions "{\"login\":\"$user\",\"password\":\"$password\"}" -c "$work/cookies" >/dev/null
json POST /api/v1/me/server-owner '{}' -b "$work/cookies" | field .role
token=$(json POST /api/v1/me/tokens '{"name":"first-pack.sh"}' -b "$work/cookies" | field .token)
bearer=(-H "Authorization: Bearer $token")
call GET /api/v1/me "${bearer[@]}"; echo

step "Listen for webhooks on this machine and register an endpoint"
node -e '
  const fs = require("fs"), dir = process.argv[1];
  const server = require("http").createServer((request, response) => {
    const chunks = [];
    request.on("data", chunk => chunks.push(chunk)).on("end", () => {
      const name = `${dir}/hook-${request.headers["x-packrelay-event"]}`;
      fs.writeFileSync(`${name}.body`, Buffer.concat(chunks));
      fs.writeFileSync(`${name}.signature`, request.headers["x-packrelay-signature"]);
      response.writeHead(204).end();
    });
  }).listen(0, "127.0.0.1", () => fs.writeFileSync(`${dir}/port`, String(server.address().port)));
' "$work" &
receiver=$!
wait_for "the receiver's start" test -s "$work/port"
secret=$(json POST /api/v1/webhooks "{\"url\":\"http://127.0.0.1:$(cat "$work/port")/\",\"events\":[\"pack.version_published\",\"server.online\"]}" "${bearer[@]}" | field .secret)
echo "receiving on port $(cat "$work/port")"

step "Register an Ed25519 public key"
openssl genpkey -algorithm ed25519 -out "$work/key.pem"
public_key=$(openssl pkey -in "$work/key.pem" -pubout -outform DER | tail -c 32 | base64)
json POST /api/v1/keys "{\"name\":\"main\",\"publicKey\":\"$public_key\"}" "${bearer[@]}"; echo

step "Create the pack and upload its files"
json POST /api/v1/packs "{\"slug\":\"$pack\",\"name\":\"My first pack\",\"summary\":\"Two files, one signature\",\"tags\":[\"example\"],\"game\":\"7d2d\"}" "${bearer[@]}"; echo
mkdir -p "$work/files/Mods/Hello"
echo "<mod name=\"Hello\" version=\"1.0.0\" run=\"$run\"/>" >"$work/files/Mods/Hello/ModInfo.xml"
openssl rand -out "$work/files/Mods/Hello/hello.bin" 200000
for path in Mods/Hello/ModInfo.xml Mods/Hello/hello.bin; do
    hash=$(openssl dgst -sha256 -r "$work/files/$path" | cut -d' ' -f1)
    call PUT "/api/v1/files/put?pathname=packs/files/$hash" "${bearer[@]}" -H 'Content-Type: application/octet-stream' --data-binary "@$work/files/$path" >/dev/null
    echo "$hash $(wc -c <"$work/files/$path") $path"
done | tee "$work/file-list"

step "Sign a manifest and publish it"
cat >"$work/manifest.mjs" <<'JS'
// canonical JSON: keys sorted at every level, no white space; the signature member is not part of what is signed
import { readFileSync, writeFileSync } from "node:fs";
const [mode, dir, ...args] = process.argv.slice(2);
const canonical = value =>
  Array.isArray(value) ? `[${value.map(canonical).join(",")}]`
  : value && typeof value === "object" ? `{${Object.keys(value).sort().map(key => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`
  : JSON.stringify(value);
if (mode === "draft") {
  const [pack, user] = args;
  const files = readFileSync(`${dir}/file-list`, "utf8").trim().split("\n").map(line => line.split(" ")).map(([sha256, size, path]) => ({ path, sha256, size: Number(size) }));
  const manifest = { schemaVersion: 1, name: pack, displayName: "My first pack", version: "1.0.0", game: "7d2d", gameVersion: "V2.0", publisher: user, publishedAt: new Date().toISOString(), files };
  writeFileSync(`${dir}/draft.json`, JSON.stringify(manifest));
  writeFileSync(`${dir}/to-sign`, canonical(manifest));
} else if (mode === "finish") {
  const manifest = JSON.parse(readFileSync(`${dir}/draft.json`, "utf8"));
  manifest.signature = { algo: "ed25519", publicKeyId: args[0], value: readFileSync(`${dir}/signature`).toString("hex") };
  writeFileSync(`${dir}/manifest.json`, JSON.stringify(manifest, null, 2));
} else if (mode === "split") {
  const { signature, ...manifest } = JSON.parse(readFileSync(`${dir}/served.json`, "utf8"));
  writeFileSync(`${dir}/served-to-verify`, canonical(manifest));
  writeFileSync(`${dir}/served-signature`, Buffer.from(signature.value, "hex"));
  process.stdout.write(signature.publicKeyId);
}
JS
node "$work/manifest.mjs" draft "$work" "$pack" "$user"
openssl pkeyutl -sign -rawin -inkey "$work/key.pem" -in "$work/to-sign" -out "$work/signature"
node "$work/manifest.mjs" finish "$work" "$user/main"
call POST "/api/v1/packs/$pack/versions" "${bearer[@]}" -H 'Content-Type: application/json' --data-binary "@$work/manifest.json"; echo

step "Read it back without credentials, and verify the signature with openssl"
call GET "/api/v1/packs?q=$pack" | field ".packs.map(pack => pack.slug + ' ' + pack.latestVersion).join()"
call GET "/api/v1/packs/$pack/manifest" >/dev/null
call GET "/api/v1/packs/$pack/manifest/1.0.0" >"$work/served.json"
cmp "$work/manifest.json" "$work/served.json" && echo "the served manifest is byte for byte what was sent"
key_id=$(node "$work/manifest.mjs" split "$work")
{
    printf '302a300506032b6570032100' | node -e 'process.stdout.write(Buffer.from(require("fs").readFileSync(0, "utf8"), "hex"))' # DER header of an Ed25519 key
    call GET "/api/v1/keys/${key_id/\//%2F}" | field .publicKey | base64 -d
} >"$work/published.der"
openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/published.der" -rawin -in "$work/served-to-verify" -sigfile "$work/served-signature"
while read -r hash size path; do
    call GET "/api/v1/files/$hash" | openssl dgst -sha256 -r | grep -q "^$hash" || fail "$path came back different"
    echo "$path: $size bytes, hash right"
done <"$work/file-list"

step "Register a server, attach the pack, send heartbeats"
json POST /api/v1/servers "{\"slug\":\"$server\",\"name\":\"My first server\",\"region\":\"eu\",\"game\":\"7d2d\",\"connectAddress\":\"play.example.org:26900\",\"maxPlayers\":16}" "${bearer[@]}" >/dev/null
json PUT "/api/v1/servers/$server/pack" "{\"slug\":\"$pack\",\"version\":null}" "${bearer[@]}" >/dev/null
json POST "/api/v1/servers/$server/heartbeat" '{"currentPlayers":7,"maxPlayers":16,"cpuPct":41.5,"ramPct":63}' "${bearer[@]}"; echo
is_online() { call GET "/api/v1/servers?pack=$pack" | field ".servers.some(s => s.slug === '$server' && s.online && s.currentPlayers === 7)" | grep -q true; }
wait_for "the server's appearance in the list" is_online
call GET "/api/v1/servers?pack=$pack" | field ".servers.map(s => s.slug + ' online=' + s.online + ' players=' + s.currentPlayers + '/' + s.maxPlayers).join()"
call GET "/api/v1/servers/$server/manifest" | cmp - "$work/manifest.json" && echo "the server hands out the pack's manifest"
has_curve() { call GET "/api/v1/servers/$server/metrics?window=1h&buckets=12" | field ".buckets.some(bucket => bucket.players === 7)" | grep -q true; }
wait_for "the curve's first point" has_curve
call GET "/api/v1/servers/$server/metrics?window=1h&buckets=12" | field ".buckets.filter(bucket => bucket.players !== null)"

step "Check the webhooks: both arrived, both signed with the endpoint's secret"
for event in pack.version_published server.online; do
    wait_for "webhook $event" test -s "$work/hook-$event.signature"
    expected="sha256=$(openssl dgst -sha256 -hmac "$secret" -r "$work/hook-$event.body" | cut -d' ' -f1)"
    [ "$(cat "$work/hook-$event.signature")" = "$expected" ] || fail "$event: the signature is not ours"
    echo "$event: signature valid, $(wc -c <"$work/hook-$event.body") bytes"
done

step "Done in $SECONDS s: $hub/api/v1/packs/$pack/manifest"
