-- When the uptime of a server that is offline was last told: it falls while nobody beats, so that nobody's beat would tell it.
ALTER TABLE server_status ADD COLUMN uptime_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX server_status_uptime ON server_status (uptime_at) WHERE NOT online;
