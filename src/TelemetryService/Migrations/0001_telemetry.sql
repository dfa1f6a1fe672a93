-- Projection of the catalog's servers: who may send heartbeats, and which pack they should run.
CREATE TABLE servers (
    id         uuid PRIMARY KEY,
    slug       text NOT NULL,
    revision   bigint NOT NULL,
    owner_id   uuid NOT NULL,
    name       text NOT NULL,
    pack_slug  text,
    pack_pin   text,
    created_at timestamptz NOT NULL,
    removed    boolean NOT NULL DEFAULT false,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Not unique: a slug may be taken again, and the events of the two servers may arrive in either order.
CREATE INDEX servers_slug ON servers (slug) WHERE NOT removed;
CREATE INDEX servers_changed_at ON servers (changed_at);

-- What "latest" is for every pack; revision 0 is a value learnt from a server's event, which any event of the pack itself replaces.
CREATE TABLE packs (
    slug           text PRIMARY KEY,
    revision       bigint NOT NULL,
    latest_version text,
    changed_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX packs_changed_at ON packs (changed_at);

-- One row per server that was ever online. It changes only when the status does, together with the event that says so;
-- last_seen_at is therefore the last beat that Postgres heard of, not the last beat.
CREATE TABLE server_status (
    server_id    uuid PRIMARY KEY,
    online       boolean NOT NULL,
    last_seen_at timestamptz NOT NULL,
    changed_at   timestamptz NOT NULL
);
CREATE INDEX server_status_online ON server_status (server_id) WHERE online;

-- One bit per 5-minute slot of a UTC day, set by the first beat of the slot.
CREATE TABLE uptime_days (
    server_id uuid NOT NULL,
    day       date NOT NULL,
    slots     bit(288) NOT NULL,
    PRIMARY KEY (server_id, day)
);
CREATE INDEX uptime_days_day ON uptime_days (day);

-- In which ten-second parts of a 5-minute slot the hub itself was able to receive: 30 bits.
CREATE TABLE hub_slots (
    slot   bigint PRIMARY KEY,
    pulses int NOT NULL
);

-- Since when the hub has received without a gap, and the fence of the sweep's lease.
CREATE TABLE hub_receiving (
    only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    since      timestamptz NOT NULL,
    last_pulse timestamptz NOT NULL,
    fence      bigint NOT NULL DEFAULT 0
);
