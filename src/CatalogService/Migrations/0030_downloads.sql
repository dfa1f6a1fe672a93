-- The zip of a version: a row appears when it is wanted, and is filled when the zip is in the blob store. Rows stay: what was signed is served for ever.
CREATE TABLE bundles (
    version_id uuid PRIMARY KEY REFERENCES pack_versions ON DELETE CASCADE,
    total_size_bytes bigint NOT NULL,    -- of the version's files: small ones are built first
    due_at timestamptz NOT NULL,         -- not to be tried before
    attempts integer NOT NULL DEFAULT 0, -- that failed
    built_at timestamptz,
    sha256 text,
    md5 text,
    size_bytes bigint,
    CHECK ((built_at IS NULL) = (sha256 IS NULL) AND (built_at IS NULL) = (md5 IS NULL) AND (built_at IS NULL) = (size_bytes IS NULL))
);

CREATE INDEX bundles_waiting ON bundles (total_size_bytes, version_id) WHERE built_at IS NULL;
CREATE INDEX bundles_sha256 ON bundles (sha256) WHERE built_at IS NOT NULL;

-- Downloads as they are counted, appended by one commit for all requests that wait at that moment. They are taken away again within seconds, when their
-- sums go to the packs: the row of a popular pack must not become the place where every download waits for the one before.
CREATE TABLE download_batches (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pack_id uuid NOT NULL,
    day date NOT NULL, -- of UTC
    downloads bigint NOT NULL
);

CREATE TABLE download_days (
    pack_id uuid NOT NULL REFERENCES packs ON DELETE CASCADE,
    day date NOT NULL, -- of UTC
    downloads bigint NOT NULL,
    PRIMARY KEY (pack_id, day)
);

CREATE INDEX download_days_day ON download_days (day, pack_id);

-- One row: the first day that packs.installs_last_week counts. Whoever moves it on takes the days that leave out of the packs in the same transaction,
-- so it may be moved late, or by several days at once.
CREATE TABLE download_window (since date NOT NULL);
INSERT INTO download_window SELECT (now() AT TIME ZONE 'UTC')::date - 6;
