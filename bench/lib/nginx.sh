# Sourced by rows whose baseline is nginx: one private instance on a free loopback port.

nginx_port=$(free_port)
nginx_url=http://localhost:$nginx_port

nginx_workers() { echo "$(nproc) workers"; }

# nginx_head: the configuration up to the first server of the http block.
nginx_head() {
    cat <<NGINX
daemon off;
worker_processes $(nproc);
pid $scratch/nginx.pid;
error_log $scratch/nginx-error.log warn;
events { worker_connections 4096; }
http {
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 120s;
    keepalive_requests 1000000;
    client_body_temp_path $scratch/nginx-body;
    proxy_temp_path $scratch/nginx-proxy;
    fastcgi_temp_path $scratch/nginx-fastcgi;
    uwsgi_temp_path $scratch/nginx-uwsgi;
    scgi_temp_path $scratch/nginx-scgi;
    map_hash_max_size 16384;
    map_hash_bucket_size 256;
NGINX
}

# start_nginx CONFIGURATION: sets $nginx_process.
start_nginx() {
    start_process "$scratch/nginx.log" nginx -c "$1"
    nginx_process=$process
    wait_for 10 "nginx (see $scratch/nginx.log)" bash -c "exec 3<>/dev/tcp/127.0.0.1/$nginx_port"
}
