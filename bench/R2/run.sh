# Signed manifests through the gateway, and nginx serving the same bytes with the same ETag. Manifests of 4 KB, 64 KB and 512 KB, and 304.
# Requests follow Zipf over 1,000, 200 and 20 packs; with --packs "1000 10000 100000" the slope over the size of the catalogue.

title="signed manifests against nginx's static files"
. bench/lib/nginx.sh

measure() {
    local size
    for size in ${packs:-1000}; do measure_at "$size"; done
    fact_of_settings
    fact answers "hashes, status and ETag of $checked answers compared during the rounds; none was wrong"
    fact baseline "$(nginx -v 2>&1), $(nginx_workers), sendfile, no access log, ETag and 304 by map"
}

measure_at() {
    start_hub "$scratch/hub-$1"
    register
    load_catalogue "$1"
    prepare_files
    start_nginx "$scratch/nginx.conf"
    run_wrk "$gateway" "$scratch/4k" 20 >/dev/null # until the hot code is compiled
    local kind
    for kind in 4k 64k 512k 304; do compare "$kind" "$kind, $1 packs"; done
    compare 4k "4k with a token, $1 packs" "$bearer"
    stop_process "$nginx_process"
    stop_hub
}

# compare LIST CASE [HEADER...]: launchers ask without a token; publishers' tools have one.
compare() {
    local list=$1 name=$2 round ours
    shift 2
    run_wrk "$gateway" "$scratch/$list" "$warmup" "$@" >/dev/null
    run_wrk "$nginx_url" "$scratch/$list" "$warmup" "$@" >/dev/null
    for ((round = 1; round <= rounds; round++)); do
        measured_rate "$gateway" "$scratch/$list" "$scratch/$list.expected" "$@" || continue
        ours=$answer
        measured_rate "$nginx_url" "$scratch/$list" "$scratch/$list.expected" "$@" || continue
        figure "$name" rate "$round" "$ours" "$answer" "requests/s" 0.6 1.0
    done
}

# prepare_files: the request lists, what must be answered, and the same files for nginx.
prepare_files() {
    local part name count
    rm -rf "$scratch/files"
    for part in 4k:1000 64k:200 512k:20; do
        name=${part%:*} count=${part#*:}
        zipf "$count" 5000 | sed "s|.*|/api/v1/packs/bench-$name-&/manifest/1.0.0|" >"$scratch/$name"
        node bench/lib/check.mjs learn "$gateway" "$scratch/$name" >"$scratch/$name.expected"
        node bench/R2/copy.mjs "$gateway" "$scratch/$name.expected" "$scratch/files"
    done
    awk -F'\t' '{ split($3, said, " "); print $1 "\t" said[3] }' "$scratch/4k.expected" >"$scratch/known"
    awk -F'\t' 'NR == FNR { tag[$1] = $2; next } { print $1 "\t" tag[$1] }' "$scratch/known" "$scratch/4k" >"$scratch/304"
    node bench/lib/check.mjs learn "$gateway" "$scratch/304" >"$scratch/304.expected"
    grep -vq '	304 ' "$scratch/304.expected" && fail "a known manifest was not answered with 304"
    {
        nginx_head
        echo 'map $uri $tag { default "";'
        cat "$scratch"/*k.expected | awk -F'\t' '{ split($3, said, " "); gsub(/"/, "", said[3]); print "\"" $1 "\" \"" "\\\"" said[3] "\\\"" "\";" }'
        echo '}'
        cat <<NGINX
server {
    listen 127.0.0.1:$nginx_port reuseport backlog=1024;
    root $scratch/files;
    location / {
        default_type application/json;
        etag off;
        add_header ETag \$tag always;
        add_header Cache-Control "public, max-age=31536000, immutable" always;
        if (\$http_if_none_match = \$tag) { return 304; }
    }
}
}
NGINX
    } >"$scratch/nginx.conf"
}
