# Sourced by run.sh: the real system, started through the AppHost with limits raised (not removed), an account of the benchmark, and the catalogue.

hub='' gateway='' status_page=''

# start_hub FOLDER [NAME=VALUE...]: sets $hub (process), $gateway, $status_page, $data.
start_hub() {
    data=$1
    shift
    local gateway_port status_port
    gateway_port=$(free_port) status_port=$(free_port)
    gateway=http://localhost:$gateway_port status_page=http://localhost:$status_port
    mkdir -p "$data"
    start_process "$data/apphost.log" env \
        LocalHosting__DataDirectory="$data" LocalHosting__StatusPage__Port="$status_port" Gateway__Port="$gateway_port" \
        RateLimits__Anonymous__PermitPerMinute=100000000 RateLimits__Token__PermitPerMinute=100000000 RateLimits__AccountCreation__PermitPerHour=100000 \
        Plans__Free__Packs=1000000 "$@" \
        dotnet artifacts/bin/AppHost/release/AppHost.dll
    hub=$process
    note "starting the hub"
    wait_for 120 "a healthy gateway (see $data/apphost.log)" curl -fsS "$gateway/health"
}

stop_hub() { stop_process "$hub"; }

# secret NAME: a generated secret of the running hub.
secret() { cat "$data/secrets/$1"; }

# connection_string NAME: of one of the hub's databases or servers, as .NET writes it.
connection_string() {
    curl -fsS -X POST -H "Origin: $status_page" "$status_page/secrets" | jq -er --arg name "$1" '.connectionStrings[] | select(.name == $name) | .value'
}

# resource NAME FIELD: from the status page, for instance: resource catalog processId
resource() {
    { curl -fsS -N --max-time 3 "$status_page/events" 2>/dev/null || true; } | sed -n '/^data: /{s///p;q}' | jq -er --arg name "$1" ".[] | select(.name == \$name) | .$2"
}

# postgres_variables DATABASE: exports what psql and pgbench read.
postgres_variables() {
    local part
    while IFS='=' read -r name value; do
        case ${name,,} in
            host) export PGHOST=127.0.0.1 ;;
            port) export PGPORT=$value ;;
            username) export PGUSER=$value ;;
            password) export PGPASSWORD=$value ;;
        esac
    done < <(connection_string "$1" | tr ';' '\n')
    export PGDATABASE=$1
    for part in /usr/lib/postgresql/*/bin; do PATH=$part:$PATH; done
}

# register: an account with a token and a signing key. Sets $token, $account, $username, $seed.
register() {
    username=bench-$(node -p 'crypto.randomBytes(5).toString("hex")') seed=$(node -p 'crypto.randomBytes(32).toString("hex")')
    local password jar=$scratch/cookies
    password=$(node -p 'crypto.randomBytes(16).toString("hex")')
    post() { curl -fsS -b "$jar" -c "$jar" -H 'Content-Type: application/json' -d "$2" "$gateway/api/v1/$1"; }
    account=$(post accounts "{\"username\":\"$username\",\"email\":\"$username@example.org\",\"password\":\"$password\"}" | jq -er .id)
    post sessions "{\"login\":\"$username\",\"password\":\"$password\"}" >/dev/null
    post me/server-owner '{}' >/dev/null
    token=$(post me/tokens '{"name":"benchmark"}' | jq -er .token)
    bearer="Authorization: Bearer $token"
}

generator() { dotnet artifacts/bin/Generator/release/Generator.dll "$@"; }

# load_catalogue PACKS: fills the catalogue of the running hub, then fetches and verifies some of it.
load_catalogue() {
    note "loading $1 packs and $(($1 * 3)) versions"
    run dotnet artifacts/bin/Generator/release/Generator.dll load --database "$(connection_string catalogdb)" --packs "$1" --account "$account" --username "$username" --seed "$seed"
    run dotnet artifacts/bin/Generator/release/Generator.dll check --gateway "$gateway" --packs "$1" --sample 200 || fail "the loaded catalogue is not what the API should answer"
}

# zipf COUNT LINES: so many numbers below COUNT, small ones often.
zipf() {
    node -e '
        const [count, lines] = process.argv.slice(1).map(Number), sums = [];
        for (let i = 0, sum = 0; i < count; i++) sums.push(sum += 1 / (i + 1));
        let state = 12345; // the same order in every run
        for (let i = 0; i < lines; i++) {
            state = (Math.imul(state, 1103515245) + 12345) >>> 0;
            const at = state / 2 ** 32 * sums[count - 1];
            let low = 0, high = count - 1;
            while (low < high) { const middle = (low + high) >> 1; if (sums[middle] < at) low = middle + 1; else high = middle; }
            console.log(low);
        }' "$1" "$2"
}

# fact_of_settings: what the table says of both sides' settings.
fact_of_settings() {
    fact parameters "$rounds rounds of $seconds s after $warmup s of warm-up, $connections connections, ours and the baseline in turn"
    fact hub "Release, started through the AppHost; authentication, rate limiter (limit raised), logging and telemetry as shipped"
}
