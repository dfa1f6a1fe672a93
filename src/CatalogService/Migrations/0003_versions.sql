CREATE TABLE pack_versions (
    id uuid PRIMARY KEY,
    pack_id uuid NOT NULL REFERENCES packs ON DELETE CASCADE,
    position bigint GENERATED ALWAYS AS IDENTITY, -- drawn while the pack's row is locked: the order in which its versions were published
    version text NOT NULL,
    manifest bytea NOT NULL,                      -- the submitted bytes; served as they are, for ever
    manifest_sha256 text NOT NULL,
    key_id text NOT NULL,
    published_at text NOT NULL,                   -- the manifest's own, as it was signed
    accepted_at timestamptz NOT NULL,             -- when the hub took it
    file_count integer NOT NULL,
    total_size_bytes bigint NOT NULL,
    changelog text,
    withdrawn_at timestamptz,
    withdraw_reason text,
    UNIQUE (pack_id, version),
    CHECK ((withdrawn_at IS NULL) = (withdraw_reason IS NULL))
);

CREATE INDEX pack_versions_newest ON pack_versions (pack_id, position DESC);

-- Which files a version refers to, for those who ask whether a file is still needed. No foreign key to files: checking it would
-- lock up to 20,000 rows of files in every publish.
CREATE TABLE version_files (
    version_id uuid NOT NULL REFERENCES pack_versions ON DELETE CASCADE,
    sha256 bytea NOT NULL,
    PRIMARY KEY (version_id, sha256)
);

CREATE INDEX version_files_sha256 ON version_files (sha256);
