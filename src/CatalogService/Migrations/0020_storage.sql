-- What an account keeps: files that it brought first, and parts of uploads that are not finished. The row is changed together with what it counts, under
-- the condition that it stays within the account's plan.
CREATE TABLE account_storage (
    account_id uuid PRIMARY KEY,
    stored_bytes bigint NOT NULL DEFAULT 0 CHECK (stored_bytes >= 0),
    pending_bytes bigint NOT NULL DEFAULT 0 CHECK (pending_bytes >= 0)
);

INSERT INTO account_storage (account_id, stored_bytes) SELECT uploader_id, sum(size_bytes) FROM files GROUP BY uploader_id;

-- Files that come in parts. Rows of uploads that are over stay for a while, so that a client that missed the answer may ask again.
CREATE TABLE uploads (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'completed', 'aborted')),
    size_bytes bigint,                -- once it is completed
    created_at timestamptz NOT NULL,
    touched_at timestamptz NOT NULL   -- last sign of life; after a day without one it is swept
);

CREATE INDEX uploads_touched ON uploads (touched_at);
CREATE INDEX uploads_open ON uploads (account_id) WHERE status = 'open';

CREATE TABLE upload_parts (
    upload_id uuid NOT NULL REFERENCES uploads ON DELETE CASCADE,
    part_number integer NOT NULL CHECK (part_number BETWEEN 1 AND 10000),
    name text NOT NULL,               -- under which the blob store has it; another one each time a part is sent again
    etag text NOT NULL,
    size_bytes bigint NOT NULL,
    PRIMARY KEY (upload_id, part_number)
);
