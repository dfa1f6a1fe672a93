-- Mod lists that a tool left for a person to make a pack of. The token is a secret and is kept as its SHA-256.
CREATE TABLE draft_seeds (
    token_sha256 bytea PRIMARY KEY CHECK (octet_length(token_sha256) = 32),
    draft bytea NOT NULL, -- the JSON that is answered
    expires_at timestamptz NOT NULL
);

CREATE INDEX draft_seeds_expiry ON draft_seeds (expires_at);
