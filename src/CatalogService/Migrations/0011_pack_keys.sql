-- Which keys have signed versions of a pack, as its page shows it. Kept by each publish, so that no reader ever counts versions.
CREATE TABLE pack_keys (
    pack_id uuid NOT NULL REFERENCES packs ON DELETE CASCADE,
    key_id text NOT NULL,
    versions integer NOT NULL,
    first_used_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    PRIMARY KEY (pack_id, key_id)
);

INSERT INTO pack_keys (pack_id, key_id, versions, first_used_at, last_used_at)
SELECT pack_id, key_id, count(*), min(accepted_at), max(accepted_at) FROM pack_versions GROUP BY pack_id, key_id;
