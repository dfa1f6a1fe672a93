-- Mod frameworks that packs run on, registered by the hub's admins. A version never changes.
CREATE TABLE frameworks (
    id text NOT NULL,
    version text NOT NULL,
    file_count integer NOT NULL,
    total_size_bytes bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id, version)
);

CREATE TABLE framework_files (
    framework_id text NOT NULL,
    version text NOT NULL,
    path text COLLATE "C" NOT NULL,
    sha256 bytea NOT NULL, -- such a file is still needed
    size_bytes bigint NOT NULL,
    PRIMARY KEY (framework_id, version, path),
    FOREIGN KEY (framework_id, version) REFERENCES frameworks ON DELETE CASCADE
);

CREATE INDEX framework_files_sha256 ON framework_files (sha256);
