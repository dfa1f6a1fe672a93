-- The name that ads show; null until the account gives one.
ALTER TABLE accounts
    ADD COLUMN minecraft_name text,
    ADD COLUMN minecraft_uuid uuid;

-- What the Railcraft Pack dialect calls a version, and what clients may ask about it without its manifest being read. Rows are written when somebody first asks and follow from the pack's history alone: a
-- version keeps its tag for ever.
CREATE TABLE railcraft_tags (
    version_id uuid PRIMARY KEY REFERENCES pack_versions ON DELETE CASCADE,
    pack_id uuid NOT NULL REFERENCES packs ON DELETE CASCADE,
    position bigint NOT NULL,         -- the version's own
    whole integer NOT NULL,
    hundredths integer NOT NULL CHECK (hundredths BETWEEN 0 AND 99),
    is_client_change boolean NOT NULL,
    client_sha256 bytea NOT NULL,     -- of the list of files that players install: the same list, the same hash
    contents bytea NOT NULL,          -- JSON: how many mods and resource packs, which optional mods
    UNIQUE (pack_id, position),
    UNIQUE (pack_id, whole, hundredths)
);

CREATE INDEX railcraft_tags_client_changes ON railcraft_tags (pack_id, position) WHERE is_client_change;

-- Zips that clients asked for: whole versions and patches, with the optional mods they chose. A row stays when its zip is removed after a time without use, and is filled again on demand.
CREATE TABLE railcraft_archives (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request bytea NOT NULL UNIQUE,    -- SHA-256 of all that decides what is in it
    pack_id uuid NOT NULL REFERENCES packs ON DELETE CASCADE,
    version_id uuid NOT NULL REFERENCES pack_versions ON DELETE CASCADE,
    from_version_id uuid REFERENCES pack_versions ON DELETE CASCADE, -- null: the whole version
    optional_mods text[] NOT NULL,
    file_name text NOT NULL,
    due_at timestamptz NOT NULL,      -- not to be tried before
    attempts integer NOT NULL DEFAULT 0, -- that failed
    last_used_at timestamptz NOT NULL,
    built_at timestamptz,
    sha256 text,
    size_bytes bigint,
    CHECK ((built_at IS NULL) = (sha256 IS NULL) AND (built_at IS NULL) = (size_bytes IS NULL))
);

CREATE INDEX railcraft_archives_due ON railcraft_archives (due_at) WHERE built_at IS NULL;
CREATE INDEX railcraft_archives_used ON railcraft_archives (last_used_at);
CREATE INDEX railcraft_archives_sha256 ON railcraft_archives (sha256) WHERE built_at IS NOT NULL;
CREATE INDEX railcraft_archives_pack ON railcraft_archives (pack_id);
CREATE INDEX railcraft_archives_version ON railcraft_archives (version_id);
CREATE INDEX railcraft_archives_from ON railcraft_archives (from_version_id);

-- Which clients were given an archive's id.
CREATE TABLE railcraft_archive_clients (
    archive_id bigint NOT NULL REFERENCES railcraft_archives ON DELETE CASCADE,
    client_id uuid NOT NULL,
    asked_at timestamptz NOT NULL,    -- first
    PRIMARY KEY (archive_id, client_id)
);

CREATE INDEX railcraft_archive_clients_asked ON railcraft_archive_clients (client_id, asked_at);

-- Messages of the hub to players: few, so that one is chosen by looking at all.
CREATE TABLE railcraft_messages (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    color text NOT NULL,
    text text NOT NULL,
    interval_seconds integer,         -- between two showings, to whomever; null: may always be shown
    shown_at timestamptz,
    created_at timestamptz NOT NULL
);

CREATE TABLE railcraft_ads (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts,
    client_id uuid NOT NULL,          -- that posted it
    type text NOT NULL CHECK (type IN ('buy', 'sell')),
    title text NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    bumped_at timestamptz NOT NULL,
    edited_at timestamptz NOT NULL
);

CREATE INDEX railcraft_ads_bumped ON railcraft_ads (bumped_at DESC, id DESC);
CREATE INDEX railcraft_ads_type ON railcraft_ads (type, bumped_at DESC, id DESC);
CREATE INDEX railcraft_ads_client ON railcraft_ads (client_id, bumped_at);
CREATE INDEX railcraft_ads_account ON railcraft_ads (account_id);

-- A deleted pack needs no archives either: they leave with its files and bundles.
CREATE OR REPLACE FUNCTION pack_files_released() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    DELETE FROM version_files f USING pack_versions v WHERE v.id = f.version_id AND v.pack_id = NEW.id;
    WITH gone AS (DELETE FROM bundles b USING pack_versions v WHERE v.id = b.version_id AND v.pack_id = NEW.id RETURNING b.sha256),
    archives AS (DELETE FROM railcraft_archives a WHERE a.pack_id = NEW.id RETURNING a.sha256)
    INSERT INTO removed_files (sha256, removed_at)
    SELECT decode(sha256, 'hex'), now() FROM (SELECT sha256 FROM gone UNION SELECT sha256 FROM archives) all_gone WHERE sha256 IS NOT NULL ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
