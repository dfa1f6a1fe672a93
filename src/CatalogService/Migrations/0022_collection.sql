-- Since when nothing is known to need a file. Set when it is brought, when it is asked about, and when something that needed it goes; the collector looks
-- at it when it is old, and clears it when the file is needed. So the collector never reads through the files that are in use.
ALTER TABLE files ADD COLUMN idle_since timestamptz;
UPDATE files SET idle_since = created_at;

CREATE INDEX files_idle ON files (idle_since) WHERE idle_since IS NOT NULL;

CREATE FUNCTION files_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE files SET idle_since = now() WHERE sha256 IN (SELECT sha256 FROM released);
    RETURN NULL;
END $$;

CREATE TRIGGER version_files_released AFTER DELETE ON version_files
    REFERENCING OLD TABLE AS released FOR EACH STATEMENT EXECUTE FUNCTION files_released();

-- A deleted pack keeps its row and the numbers of its versions, but needs no files.
CREATE FUNCTION pack_files_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM version_files f USING pack_versions v WHERE v.id = f.version_id AND v.pack_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER packs_deleted AFTER UPDATE OF visibility ON packs
    FOR EACH ROW WHEN (NEW.visibility = 'deleted') EXECUTE FUNCTION pack_files_released();

-- Counts the passes of the collector that removed something: whoever saw a file before such a pass has to look again.
CREATE TABLE file_collection (generation bigint NOT NULL);
INSERT INTO file_collection VALUES (0);

-- Blobs whose rows are gone, to be removed from the store.
CREATE TABLE removed_files (
    sha256 bytea PRIMARY KEY,
    removed_at timestamptz NOT NULL
);
