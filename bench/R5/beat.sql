-- One heartbeat, as a service without group commits would store it: what the server says now, and a point of its curves.
\set server random(0, :servers - 1)
\set players random(0, 64)
BEGIN;
UPDATE live SET players = :players, max_players = 64, cpu = 12.5, ram = 40.25, seen_at = clock_timestamp() WHERE server = :server;
INSERT INTO beats (server, at, players, max_players, cpu, ram) VALUES (:server, clock_timestamp(), :players, 64, 12.5, 40.25);
END;
