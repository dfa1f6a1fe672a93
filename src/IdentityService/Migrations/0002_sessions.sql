-- People who are signed in. The cookie's value is not here, only its hash.
CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    secret_hash bytea NOT NULL CONSTRAINT sessions_secret_key UNIQUE,   -- SHA-256 of the cookie's value
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL                                     -- moves on with use, up to the greatest age a session may have
);

CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);
