-- Client credentials for programs that sign in with an id and a secret.
CREATE TABLE clients (
    client_id text PRIMARY KEY,
    secret_hash bytea NOT NULL,     -- SHA-256 of the secret
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name text NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE INDEX clients_account ON clients (account_id, created_at);
