-- What administrators give and take.
ALTER TABLE accounts
    ADD COLUMN suspended_at timestamptz,                        -- null: not suspended
    ADD COLUMN solder_permissions text[] NOT NULL DEFAULT '{}', -- the flags that are on
    ADD COLUMN solder_modpacks text[] NOT NULL DEFAULT '{}',    -- slugs of the modpacks that those flags bear on
    ADD COLUMN search text GENERATED ALWAYS AS (lower(username || E'\n' || display_name || E'\n' || coalesce(email, ''))) STORED;

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX accounts_search ON accounts USING gin (search gin_trgm_ops);
CREATE INDEX accounts_admins ON accounts (id) WHERE role = 'admin';
