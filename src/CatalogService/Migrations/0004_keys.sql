-- Keys are never removed and their bytes never change: clients pin them, and published manifests refer to them for ever.
CREATE TABLE publisher_keys (
    key_id text PRIMARY KEY,
    owner_id uuid NOT NULL REFERENCES accounts,
    public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);

CREATE INDEX publisher_keys_owner ON publisher_keys (owner_id, key_id);
