-- What a client is known by to other services: its text id is a credential.
ALTER TABLE clients ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT clients_id_key UNIQUE;

-- Session tokens of Railcraft clients. A row stays for a day after its end, so that its client hears that the token has expired, not that there never was one.
CREATE TABLE client_tokens (
    secret_hash bytea PRIMARY KEY, -- SHA-256 of the token
    client_id text NOT NULL REFERENCES clients ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE INDEX client_tokens_client ON client_tokens (client_id, created_at DESC);
CREATE INDEX client_tokens_expiry ON client_tokens (expires_at);
