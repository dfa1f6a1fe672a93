-- The static files of the Reloaded-III dialect: which blob stands under which path. A file is replaced by changing its row.
CREATE TABLE reloaded_static_files (
    path text COLLATE "C" PRIMARY KEY,
    sha256 bytea NOT NULL,
    size_bytes bigint NOT NULL,
    written_at timestamptz NOT NULL
);

CREATE INDEX reloaded_static_files_sha256 ON reloaded_static_files (sha256);

-- What has to be written anew: the files of a package, of a package's translations, of a search prefix, or of the reports of a first byte of hashes.
CREATE TABLE reloaded_static_due (
    kind text NOT NULL,
    key text COLLATE "C" NOT NULL,
    revision bigint NOT NULL DEFAULT 1, -- told apart from a change that came while it was written
    due_at timestamptz NOT NULL,
    PRIMARY KEY (kind, key)
);

CREATE INDEX reloaded_static_due_due ON reloaded_static_due (due_at);
