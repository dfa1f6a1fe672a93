# From ./run.sh on a built tree until the gateway is healthy, on a new data folder and on one that was used before; and RabbitMQ alone on the same kinds of folder,
# the slowest of the servers that the hub needs.

title="starting the hub against starting RabbitMQ alone"

measure() {
    local round ours baseline kind
    for ((round = 1; round <= rounds; round++)); do
        rm -rf "$scratch/hub" "$scratch/rabbitmq"
        for kind in new used; do
            ours=$(time_hub) && baseline=$(time_rabbitmq)
            figure "$kind data folder" added "$round" "$ours" "$baseline" "s" 15 5
        done
    done
    fact parameters "$rounds rounds, ours and the baseline in turn; a healthy gateway means that every service and server is up"
    fact baseline "rabbitmq-server $(dpkg-query -W -f '${Version}' rabbitmq-server 2>/dev/null), until it greets an AMQP connection"
}

time_hub() {
    local gateway_port status_port began ended
    gateway_port=$(free_port) status_port=$(free_port)
    began=$(date +%s.%N)
    start_process "$scratch/run.log" env LocalHosting__DataDirectory="$scratch/hub" LocalHosting__StatusPage__Port="$status_port" Gateway__Port="$gateway_port" ./run.sh
    wait_for 180 "a healthy gateway (see $scratch/run.log)" curl -fsS "http://localhost:$gateway_port/health"
    ended=$(date +%s.%N)
    # run.sh has become dotnet run, which passes the signal on to the AppHost.
    stop_process "$process"
    node -p "($ended - $began).toFixed(2)"
}

time_rabbitmq() {
    local folder=$scratch/rabbitmq port names distribution began ended erlang
    port=$(free_port) names=$(free_port) distribution=$(free_port)
    mkdir -p "$folder"
    printf 'listeners.tcp.1 = 127.0.0.1:%s\ndisk_free_limit.absolute = 50MB\nlog.console = true\nlog.file = false\nmanagement.tcp.ip = 127.0.0.1\nmanagement.tcp.port = %s\n' "$port" "$(free_port)" >"$folder/rabbitmq.conf"
    echo '[rabbitmq_management].' >"$folder/enabled_plugins"
    local environment=(env -i PATH="$PATH" HOME="$folder" LANG=C.UTF-8
        RABBITMQ_NODENAME=bench@localhost RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$port" RABBITMQ_DIST_PORT="$distribution" ERL_EPMD_PORT="$names" ERL_EPMD_ADDRESS=127.0.0.1
        RABBITMQ_MNESIA_BASE="$folder/mnesia" RABBITMQ_LOG_BASE="$folder/log" RABBITMQ_ENABLED_PLUGINS_FILE="$folder/enabled_plugins" RABBITMQ_PID_FILE="$folder/pid"
        RABBITMQ_CONFIG_FILE="$folder/rabbitmq.conf" RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_ADVANCED_CONFIG_FILE="$folder/advanced.config"
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-start_epmd false -kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none"
        "RABBITMQ_CTL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1}")
    began=$(date +%s.%N)
    start_process "$scratch/epmd.log" "${environment[@]}" epmd -address 127.0.0.1 -port "$names"
    local name_server=$process
    start_process "$scratch/rabbitmq.log" "${environment[@]}" /usr/lib/rabbitmq/bin/rabbitmq-server
    local broker=$process
    wait_for 120 "RabbitMQ (see $scratch/rabbitmq.log)" node bench/start/greet.mjs "$port"
    ended=$(date +%s.%N)
    stop_process "$broker"
    stop_process "$name_server"
    node -p "($ended - $began).toFixed(2)"
}
