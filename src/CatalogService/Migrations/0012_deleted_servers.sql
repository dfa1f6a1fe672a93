-- Slugs of deleted servers: players know the address behind a slug as its owner's, so nobody else gets it.
CREATE TABLE deleted_servers (
    slug text PRIMARY KEY,
    owner_id uuid NOT NULL REFERENCES accounts,
    deleted_at timestamptz NOT NULL
);
