-- What the scan says of each file: by which rules it was looked at last, and what is wrong with it. A file that is new, or of older rules, waits.
ALTER TABLE files
    ADD COLUMN scan_rules integer NOT NULL DEFAULT 0,
    ADD COLUMN scan_problem text,
    ADD COLUMN scan_claimed_until timestamptz; -- one replica is at it

CREATE INDEX files_scan ON files (scan_rules, created_at);

-- Versions that are not visible: they wait for the scan of their files, or were refused by it. They become rows of pack_versions when they are published,
-- so that no reader of those has to leave anything out.
CREATE TABLE held_versions (
    pack_id uuid NOT NULL REFERENCES packs ON DELETE CASCADE,
    version text NOT NULL,
    status text NOT NULL CHECK (status IN ('scanning', 'rejected')),
    reason text,
    publisher_id uuid NOT NULL, -- and what the audit log will keep of the request
    publisher_name text NOT NULL,
    credential text NOT NULL,
    credential_id uuid NOT NULL,
    address text,
    manifest bytea NOT NULL,
    manifest_sha256 text NOT NULL,
    key_id text NOT NULL,
    published_at text NOT NULL, -- the manifest's own
    file_count integer NOT NULL,
    total_size_bytes bigint NOT NULL,
    submitted_at timestamptz NOT NULL,
    claimed_until timestamptz,
    PRIMARY KEY (pack_id, version),
    CHECK ((status = 'rejected') = (reason IS NOT NULL))
);

CREATE INDEX held_versions_scanning ON held_versions (submitted_at) WHERE status = 'scanning';
