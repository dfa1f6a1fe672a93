-- Who may work on a pack besides its owner. The owner has no row here: it stands in packs alone.
CREATE TABLE pack_members (
    pack_id uuid NOT NULL REFERENCES packs ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES accounts,
    role text NOT NULL CHECK (role IN ('maintainer', 'publisher')),
    added_at timestamptz NOT NULL,
    PRIMARY KEY (pack_id, account_id)
);

CREATE INDEX pack_members_account ON pack_members (account_id, pack_id);

-- An owner's offer to hand the pack over; at most one at a time.
CREATE TABLE pack_transfers (
    pack_id uuid PRIMARY KEY REFERENCES packs ON DELETE CASCADE,
    receiver_id uuid NOT NULL REFERENCES accounts,
    offered_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE INDEX pack_transfers_receiver ON pack_transfers (receiver_id, pack_id);

-- People name each other by username.
CREATE INDEX accounts_username ON accounts (username);

-- A deleted pack keeps its row: the slug stays its owner's, and the numbers of its versions stay taken. Nobody sees it.
ALTER TABLE packs DROP CONSTRAINT packs_visibility_check;
ALTER TABLE packs ADD CONSTRAINT packs_visibility_check CHECK (visibility IN ('public', 'unlisted', 'private', 'deleted'));
