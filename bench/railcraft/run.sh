# Patches of the Railcraft Pack dialect, made into the blob store as the catalog makes them, against `zip -0` over the same files; and whether memory grows with the pack.

title="patches of the Railcraft Pack dialect against zip -0"

measure() {
    local files=2000 bytes=100000 round json ours size baseline synced small big
    archives=(dotnet artifacts/bin/Archives/release/Archives.dll)
    note "writing packs of $files files"
    run "${archives[@]}" fill --pack "$scratch/pack" --files "$files" --bytes "$bytes"
    run "${archives[@]}" fill --pack "$scratch/big" --files "$files" --bytes $((4 * bytes))
    zipped "$scratch/pack" >/dev/null # a warm-up: both read from the page cache afterwards
    for ((round = 1; round <= rounds; round++)); do
        run "${archives[@]}" patch --pack "$scratch/pack" --times 1 >"$scratch/patch.json"
        json=$(cat "$scratch/patch.json")
        size=$(jq .sizeBytes <<<"$json") ours=$(jq '.sizeBytes / .seconds[0] / 1e6' <<<"$json") small=$(jq '.peakBytes / 1e6' <<<"$json")
        baseline=$(zipped "$scratch/pack") || continue
        synced=$(zipped "$scratch/pack" sync) || continue
        figure "patch of $files files, forced to disk, against zip -0" rate "$round" "$ours" "$(node -p "$size / $baseline / 1e6")" MB/s 0.5 1.0
        figure "the same against zip -0, forced to disk as well" rate "$round" "$ours" "$(node -p "$size / $synced / 1e6")" MB/s 0.5 1.0
        run "${archives[@]}" patch --pack "$scratch/big" --times 1 >"$scratch/patch.json"
        big=$(jq '.peakBytes / 1e6' "$scratch/patch.json")
        figure "peak memory with four times the bytes" time "$round" "$big" "$small" MB 1.2 1.1
    done
    fact pack "$files files of $((bytes / 2)) to $((3 * bytes / 2)) random bytes, all of them changed; SHA-256 of the archive on the way; the second patch of a process"
    fact baseline "$(zip -v | sed -n 2p | cut -d. -f1,2), zip -0 -q -r -X"
}

# zipped PACK [sync]: seconds of one run; false when the zip has not every file.
zipped() {
    local started ended
    rm -f "$scratch/out.zip"
    started=$(date +%s.%N)
    (cd "$1/names" && zip -0 -q -r -X "$scratch/out.zip" .) && { [ -z "${2:-}" ] || sync "$scratch/out.zip"; }
    ended=$(date +%s.%N)
    [ "$(unzip -l "$scratch/out.zip" | grep -c '\.jar$')" = 2000 ] || { note "void: the zip lacks files"; return 1; }
    node -p "$ended - $started"
}
