# What the gateway costs: 1 KB of JSON, authenticated and not cacheable (pages of private packs), through the gateway; and nginx as a proxy with keep-alive
# connections to the same service. nginx sends what the gateway sends: the caller's signed header instead of the token. Then the latency at half the
# gateway's maximum, at a fixed rate.

title="the gateway against nginx as a proxy"
. bench/lib/nginx.sh

measure() {
    start_hub "$scratch/hub"
    register
    load_catalogue "${packs:-1000}"
    zipf 1000 5000 | sed 's|.*|/api/v1/packs/bench-private-&|' >"$scratch/pages"
    start_proxy
    node bench/lib/check.mjs learn "$gateway" "$scratch/pages" "$bearer" >"$scratch/expected"
    node bench/lib/check.mjs learn "$nginx_url" "$scratch/pages" >"$scratch/expected-nginx"
    diff -q <(bodies "$scratch/expected") <(bodies "$scratch/expected-nginx") >/dev/null || fail "the gateway and nginx answer differently"

    local round ours
    run_wrk "$gateway" "$scratch/pages" "$warmup" "$bearer" >/dev/null
    run_wrk "$nginx_url" "$scratch/pages" "$warmup" >/dev/null
    for ((round = 1; round <= rounds; round++)); do
        measured_rate "$gateway" "$scratch/pages" "$scratch/expected" "$bearer" || continue
        ours=$answer
        measured_rate "$nginx_url" "$scratch/pages" "$scratch/expected-nginx" || continue
        figure "throughput" rate "$round" "$ours" "$answer" "requests/s" 0.40 0.70
        maximum=$ours
    done
    measure_latency

    fact_of_settings
    fact answers "hashes and status of $checked answers compared during the rounds; none was wrong; $(curl -fsS -H "$bearer" "$gateway/api/v1/packs/bench-private-1" | wc -c) bytes each"
    fact baseline "$(nginx -v 2>&1), $(nginx_workers), proxy_pass to the catalog service, 64 idle connections kept by each worker, no access log"
}

# bodies EXPECTED: path, status and hash; ETags of pages are the gateway's own.
bodies() { awk '{ print $1, $2, $3 }' "$1" | sort; }

# measure_latency: an open loop at half of what the gateway can take.
measure_latency() {
    local round ours baseline quantile path at
    local requests_per_second=$((maximum / 2))
    for ((round = 1; round <= rounds; round++)); do
        open_loop "$gateway" "$scratch/pages" "$seconds" "$requests_per_second" "$bearer" >"$scratch/ours.json" || continue
        open_loop "$nginx_url" "$scratch/pages" "$seconds" "$requests_per_second" >"$scratch/nginx.json" || continue
        for quantile in p50 p99; do
            ours=$(jq ".$quantile" "$scratch/ours.json") baseline=$(jq ".$quantile" "$scratch/nginx.json")
            if [ $quantile = p99 ]; then at=1; else at=-; fi
            figure "added $quantile at $requests_per_second requests/s" added "$round" "$ours" "$baseline" "ms" - "$at"
        done
    done
}

start_proxy() {
    {
        nginx_head
        cat <<NGINX
upstream catalog { server $(resource catalog 'endpoints[0]' | sed 's|.*//||'); keepalive 64; keepalive_requests 1000000; }
server {
    listen 127.0.0.1:$nginx_port reuseport backlog=1024;
    location / {
        proxy_pass http://catalog;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header X-PackRelay-Caller "$(node bench/R1/caller.mjs "$(secret caller-key)" "$account" "$username")";
    }
}
}
NGINX
    } >"$scratch/nginx.conf"
    start_nginx "$scratch/nginx.conf"
}
