-- API tokens. A revoked or expired one stays for a while, so that its owner can be told what became of it.
CREATE TABLE api_tokens (
    id uuid PRIMARY KEY,
    secret_hash bytea NOT NULL CONSTRAINT api_tokens_secret_key UNIQUE, -- SHA-256 of the whole token
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name text NOT NULL,
    scopes text[] NOT NULL,
    packs text[],                                                       -- slugs of the only packs it may touch; null: not restricted
    servers text[],                                                     -- the same for servers
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at timestamptz
);

CREATE INDEX api_tokens_account ON api_tokens (account_id, created_at);
CREATE INDEX api_tokens_end ON api_tokens ((least(revoked_at, expires_at)));
