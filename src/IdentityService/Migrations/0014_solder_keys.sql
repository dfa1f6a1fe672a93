-- Keys that open the Solder dialect's hidden and private modpacks.
CREATE TABLE solder_keys (
    id uuid PRIMARY KEY,
    key_hash bytea NOT NULL CONSTRAINT solder_keys_key UNIQUE,  -- SHA-256 of the key
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid REFERENCES accounts (id) ON DELETE SET NULL
);
