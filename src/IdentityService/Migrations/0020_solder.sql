-- API tokens of the Solder dialect: "<id>|sldr_...". Without an end of their own; revoking removes them.
CREATE TABLE solder_tokens (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    credential_id uuid NOT NULL CONSTRAINT solder_tokens_credential UNIQUE, -- as the rest of the hub knows it
    secret_hash bytea NOT NULL,                 -- SHA-256 of what stands behind the bar
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz
);

CREATE INDEX solder_tokens_account ON solder_tokens (account_id, id);

-- Clients: launchers of players who may see some private modpacks. What a client shows is its uuid.
CREATE TABLE solder_clients (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    credential_id uuid NOT NULL CONSTRAINT solder_clients_credential UNIQUE,
    name text NOT NULL CONSTRAINT solder_clients_name UNIQUE,
    uuid text NOT NULL CONSTRAINT solder_clients_uuid UNIQUE,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

-- Modpacks by the numbers that the catalog gives them and never gives again: what is attached to one that is gone opens nothing.
CREATE TABLE solder_client_modpacks (
    client_id bigint NOT NULL REFERENCES solder_clients ON DELETE CASCADE,
    modpack_id bigint NOT NULL,
    PRIMARY KEY (client_id, modpack_id)
);

-- Who was given a modpack, when its slug changes or goes.
CREATE INDEX accounts_solder_modpacks ON accounts USING gin (solder_modpacks) WHERE solder_modpacks <> '{}';
CREATE INDEX api_tokens_packs ON api_tokens USING gin (packs) WHERE packs IS NOT NULL;
