-- A row appears when the blob is safely on disk: what has a row can be read.
CREATE TABLE files (
    sha256 bytea PRIMARY KEY CHECK (octet_length(sha256) = 32),
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    uploader_id uuid NOT NULL, -- who brought it first
    created_at timestamptz NOT NULL
);
