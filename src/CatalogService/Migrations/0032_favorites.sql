CREATE TABLE pack_favorites (
    account_id uuid NOT NULL,
    pack_id uuid NOT NULL REFERENCES packs ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, pack_id)
);

CREATE INDEX pack_favorites_pack ON pack_favorites (pack_id);

CREATE TABLE server_favorites (
    account_id uuid NOT NULL,
    server_id uuid NOT NULL REFERENCES servers ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, server_id)
);

CREATE INDEX server_favorites_server ON server_favorites (server_id);
