# R5-faults with each of the servers killed under load: InfluxDB, Redis, RabbitMQ. The AppHost starts them again.

. bench/R5-faults/run.sh
title="acknowledged heartbeats that are lost when a server is killed"
scenarios=(influxdb-killed cache-killed messaging-killed)
