# Publishing through the gateway: small signed manifests, each a new version of one of 200 packs, verified, stored with its event and committed before the
# answer; and pgbench writing the same rows to a copy of the same database on the same server. Every acknowledged version must be in the database afterwards, every event
# with its consumers and every bundle built before the baseline's turn begins.

title="publishing against pgbench inserting the same rows"

measure() {
    start_hub "$scratch/hub" Plans__Free__StorageBytes=1000000000000 # the generated files alone are 10 GB
    register
    load_catalogue "${packs:-1000}"
    generator upload --gateway "$gateway" --token "$token"
    postgres_variables catalogdb
    copy_database
    local round ours tps
    export BENCH_METHOD=POST
    # A publish runs through five services, most of whose code is compiled anew when it is found to be hot: before that the rounds would measure the compiler.
    publish 0 "$((warmup < 40 ? 40 : warmup))" >/dev/null
    settle
    run_pgbench "$warmup" >/dev/null
    for ((round = 1; round <= rounds; round++)); do
        ours=$(publish "$round" "$seconds") || { settle; continue; }
        settle
        tps=$(run_pgbench "$seconds") || continue
        figure "publish" rate "$round" "$ours" "$tps" "versions/s" 0.4 0.8
    done
    fact_of_settings
    fact answers "after each round as many versions stored as were acknowledged (and at most the $connections more whose answers the end of the round cut off), and as many events sent; none was refused"
    fact baseline "$(pgbench --version), prepared statements, in a copy of the catalog's database on the same server; synchronous_commit $(psql -Atc 'SHOW synchronous_commit'), fsync $(psql -Atc 'SHOW fsync')"
    fact bytes "$(awk -F'\t' 'NR == 1 { print length($2) }' "$scratch/publishes") bytes of manifest, two files each"
}

# copy_database: the same tables, indexes, triggers and rows under another name, where the relay of events does not look.
copy_database() {
    createdb bench
    pg_dump catalogdb | psql -q -d bench >"$scratch/restore.txt" 2>&1
    psql -q -d bench -c 'TRUNCATE outbox' -c 'VACUUM ANALYZE'
}

# publish ROUND SECONDS: acknowledged versions per second.
publish() {
    local json acknowledged stored
    generator publishes --account "$account" --username "$username" --seed "$seed" --run "$1" --count $(($2 * 4000)) >"$scratch/publishes"
    json=$(run_wrk "$gateway" "$scratch/publishes" "$2" "$bearer")
    rate "$json" || return 1
    acknowledged=$(jq .requests <<<"$json")
    [ "$acknowledged" -lt $(($2 * 4000 - 2)) ] || { note "void: there were too few manifests for the round"; return 1; }
    stored=$(psql -Atc "SELECT count(*) FROM pack_versions v JOIN packs p ON p.id = v.pack_id WHERE p.slug LIKE 'bench-publish-%' AND v.version LIKE '1.$1.%'")
    [ "$stored" -ge "$acknowledged" ] && [ "$stored" -le $((acknowledged + connections)) ] || fail "$acknowledged versions were acknowledged, but $stored are stored"
}

# settle: what a round leaves to be done in the background is done before the other side's turn: neither pays for the other.
settle() {
    wait_for 60 "sending the events of a round" nothing_left catalogdb 'SELECT count(*) FROM outbox'
    wait_for 120 "building the bundles of a round" nothing_left catalogdb \
        "SELECT count(*) FROM packs p JOIN pack_versions v ON v.pack_id = p.id LEFT JOIN bundles b ON b.version_id = v.id WHERE p.slug LIKE 'bench-publish-%' AND b.built_at IS NULL"
    wait_for 60 "the audit log of a round" same_count
}

nothing_left() { [ "$(psql -At -d "$1" -c "$2")" = 0 ]; }

# same_count: one entry of the audit log for each version.
same_count() {
    [ "$(psql -At -d identitydb -c "SELECT count(*) FROM audit_log WHERE action = 'version.published'")" = \
      "$(psql -Atc "SELECT count(*) FROM packs p JOIN pack_versions v ON v.pack_id = p.id WHERE p.slug LIKE 'bench-publish-%'")" ]
}

run_pgbench() {
    local manifest event='{"EventId":"019e2152-f87a-7cd2-bbae-bbe43f56e019","OccurredAt":"2024-06-01T00:00:00+00:00","Slug":"bench-publish-100","Revision":2,"OwnerId":"01a20152-f87a-7cd2-bbae-bbe43f56e019",
        "Visibility":"unlisted","DisplayName":"Benchmark 100","Version":"1.1.100","Publisher":"bench","Game":"7d2d","GameVersion":"V 2.4","PublishedAt":"2024-06-01T00:00:00Z","FileCount":2,
        "TotalSizeBytes":1000000,"ManifestSha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","KeyId":"bench/main"}'
    local audit='{"EventId":"019e2152-f87a-7cd2-bbae-bbe43f56e01a","OccurredAt":"2024-06-01T00:00:00+00:00","Action":"version.published","Target":"version:bench-publish-100@1.1.100",
        "ActorId":"01a20152-f87a-7cd2-bbae-bbe43f56e019","ActorName":"bench","Credential":"token","CredentialId":"01a20152-f87a-7cd2-bbae-bbe43f56e01b","Address":"127.0.0.1","SubjectId":null,
        "Details":{"key":"bench/main"}}'
    manifest=$(awk -F'\t' 'NR == 1 { print $2 }' "$scratch/publishes" | tr -d '\n' | od -An -v -tx1 | tr -d ' \n')
    run pgbench -n -M prepared -c "$connections" -j 2 -T "$1" -f bench/R7/publish.sql -Dmanifest="\\x$manifest" -Dpublishedat=2024-06-01T00:00:00Z -Devent="$event" -Daudit="$audit" -Dentity=pack:bench-publish- bench >"$scratch/pgbench.txt" 2>&1 || { note "void: $(grep -m3 error "$scratch/pgbench.txt")"; return 1; }
    grep -q '^number of failed transactions: 0 ' "$scratch/pgbench.txt" || { note "void: $(cat "$scratch/pgbench.txt")"; return 1; }
    sed -n 's/^tps = \([0-9]*\).*/\1/p' "$scratch/pgbench.txt"
}
