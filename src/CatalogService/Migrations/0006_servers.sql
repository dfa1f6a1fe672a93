CREATE TABLE servers (
    id uuid PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    owner_id uuid NOT NULL REFERENCES accounts,
    name text NOT NULL,
    summary text,
    description text,
    region text NOT NULL,
    game text NOT NULL,
    connect_address text,
    discord_url text,
    website_url text,
    tags text[] NOT NULL,
    max_players integer NOT NULL,
    favorite_count bigint NOT NULL DEFAULT 0,
    revision bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    pack_id uuid REFERENCES packs ON DELETE SET NULL,
    pin text, -- null: the server follows the pack's latest version
    name_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(name COLLATE "und-x-icu")) STORED
);

CREATE INDEX servers_owner ON servers (owner_id);
CREATE INDEX servers_pack ON servers (pack_id);
CREATE INDEX servers_recent ON servers (created_at DESC, id DESC);
CREATE INDEX servers_name ON servers (name_key, id);
CREATE INDEX servers_favorites ON servers (favorite_count DESC, id DESC);
CREATE INDEX servers_region ON servers (region);

-- The last that the telemetry service said of a server. A table of its own, narrow: it is rewritten all the time, the pages are not.
CREATE TABLE server_live (
    server_id uuid PRIMARY KEY REFERENCES servers ON DELETE CASCADE,
    current_players integer NOT NULL DEFAULT 0,
    max_players integer,
    last_seen_at timestamptz,
    online boolean NOT NULL DEFAULT false,
    uptime_pct double precision NOT NULL DEFAULT 0,
    busy integer NOT NULL GENERATED ALWAYS AS (CASE WHEN online THEN current_players ELSE -1 END) STORED -- offline servers come last
) WITH (fillfactor = 70);

CREATE INDEX server_live_busy ON server_live (busy DESC, server_id DESC);
