-- Renames of modpacks that accounts and tokens have followed: one that comes again does nothing, and one that an older is overtaken by says where that leads. Renames are few; their rows stay.
CREATE TABLE solder_renames (
    event_id uuid PRIMARY KEY,
    pack_id uuid NOT NULL,
    revision bigint NOT NULL,
    slug text NOT NULL
);

CREATE INDEX solder_renames_pack ON solder_renames (pack_id, revision);
