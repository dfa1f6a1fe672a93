# Modpacks and builds of the Solder dialect through the gateway, and a bare PHP script that answers the same JSON from the same tables with PDO, in PHP-FPM behind nginx: what a Solder would
# cost at the very least. Each modpack has 50 builds of 100 mods; requests follow Zipf over the modpacks. Once as launchers ask, when the gateway answers from memory what it has kept, and once
# with a token, when it is resolved and the catalog is asked each time. With --packs "100 1000" the slope over the number of modpacks.

title="the Solder dialect against a bare PHP script"
. bench/lib/nginx.sh

php_workers=$((4 * $(nproc)))

measure() {
    command -v php-fpm8.2 >/dev/null || ensure_packages php8.2-fpm php8.2-pgsql
    local size
    for size in ${packs:-100 1000}; do measure_at "$size"; done
    fact_of_settings
    fact answers "hashes and status of $checked answers compared during the rounds; none was wrong; both sides answer the same bytes: $(awk '{ print $1 }' "$scratch/sizes" | paste -sd, | sed 's/,/ and /') for a modpack and a build"
    fact baseline "$(nginx -v 2>&1), PHP $(php -r 'echo PHP_VERSION;') FPM, $php_workers static workers, opcode cache on, persistent connections to the same database"
}

measure_at() {
    start_hub "$scratch/hub-$1"
    register
    postgres_variables catalogdb
    note "loading $1 modpacks of 50 builds of 100 mods"
    run psql -qX -v ON_ERROR_STOP=1 -v packs="$1" -v owner="$account" -v username="$username" -f bench/R4/fill.sql
    zipf "$1" 5000 | sed 's|.*|/api/modpack/bench-&|' >"$scratch/modpack"
    zipf "$1" 5000 | awk '{ print "/api/modpack/bench-" $1 "/1.0." (NR * 7) % 50 }' >"$scratch/build"
    start_php
    start_nginx "$scratch/nginx.conf"
    : >"$scratch/sizes"
    local list
    for list in modpack build; do
        compare "$list" "$list, $1 modpacks"
        compare "$list" "$list with a token, $1 modpacks" "$bearer"
    done
    stop_process "$nginx_process"
    stop_process "$php"
    stop_hub
}

# compare LIST CASE [HEADER...]: the header is for the hub alone.
compare() {
    local list=$1 name=$2 round ours
    shift 2
    node bench/lib/check.mjs learn "$gateway" "$scratch/$list" "$@" >"$scratch/$list.expected"
    node bench/lib/check.mjs learn "$nginx_url" "$scratch/$list" >"$scratch/$list.expected-php"
    diff -q <(bodies "$scratch/$list.expected") <(bodies "$scratch/$list.expected-php") >/dev/null ||
        fail "the hub and the script answer differently: $(curl -fsS "$gateway$(head -1 "$scratch/$list")") and $(curl -fsS "$nginx_url$(head -1 "$scratch/$list")")"
    [ $# -gt 0 ] || curl -fsS "$gateway$(head -1 "$scratch/$list")" | wc -c >>"$scratch/sizes"
    run_wrk "$gateway" "$scratch/$list" "$warmup" "$@" >/dev/null
    run_wrk "$nginx_url" "$scratch/$list" "$warmup" >/dev/null
    for ((round = 1; round <= rounds; round++)); do
        measured_rate "$gateway" "$scratch/$list" "$scratch/$list.expected" "$@" || continue
        ours=$answer
        measured_rate "$nginx_url" "$scratch/$list" "$scratch/$list.expected-php" || continue
        figure "$name" rate "$round" "$ours" "$answer" "requests/s" 1.5 4
    done
}

# bodies EXPECTED: path, status and hash; ETags are the gateway's own.
bodies() { awk '{ print $1, $2, $3 }' "$1" | sort; }

# start_php: sets $php.
start_php() {
    cat >"$scratch/php-fpm.conf" <<PHP
[global]
error_log = $scratch/php-error.log
daemonize = no
[www]
listen = $scratch/php.sock
listen.mode = 0666
pm = static
pm.max_children = $php_workers
user = www-data
group = www-data
env[DSN] = "pgsql:host=$PGHOST;port=$PGPORT;dbname=$PGDATABASE"
env[DB_USER] = "$PGUSER"
env[DB_PASSWORD] = "$PGPASSWORD"
env[HUB] = "$gateway"
PHP
    cp bench/R4/solder.php "$scratch/solder.php"
    start_process "$scratch/php.log" php-fpm8.2 -y "$scratch/php-fpm.conf"
    php=$process
    wait_for 10 "PHP-FPM (see $scratch/php.log)" test -S "$scratch/php.sock"
    {
        nginx_head
        cat <<NGINX
server {
    listen 127.0.0.1:$nginx_port reuseport backlog=1024;
    location / {
        fastcgi_pass unix:$scratch/php.sock; # a connection each: kept ones would occupy workers that others wait for
        fastcgi_param SCRIPT_FILENAME $scratch/solder.php;
        fastcgi_param REQUEST_METHOD \$request_method;
        fastcgi_param REQUEST_URI \$request_uri;
    }
}
}
NGINX
    } >"$scratch/nginx.conf"
}
