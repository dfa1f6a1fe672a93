-- People and companies that use the hub.
CREATE TABLE accounts (
    id uuid PRIMARY KEY,                        -- version 7: grows with time, so that inserts stay at the end of the index
    username text NOT NULL CONSTRAINT accounts_username_key UNIQUE,
    email text,                                 -- null only for an administrator made from the configuration
    password_hash text NOT NULL,                -- ASP.NET Core Identity's format, which carries its own work factor
    display_name text NOT NULL,
    image text,
    role text NOT NULL CHECK (role IN ('player', 'server_owner', 'admin')),
    plan text NOT NULL CHECK (plan IN ('free', 'pro')),
    minecraft_name text,
    minecraft_uuid uuid,
    revision bigint NOT NULL DEFAULT 1,         -- grows with every change that others are told of
    created_at timestamptz NOT NULL
);

-- Addresses are ASCII; the C collation keeps i and I a pair whatever the database's language is.
CREATE UNIQUE INDEX accounts_email_key ON accounts (lower(email COLLATE "C"));
