-- A deleted pack needs no bundles either: they leave with its files, and are built anew should a version be restored. Other content may have a bundle's hash; who
-- removes the blob looks for that. The setting: one pack's few rows are never worth reading all bundles for.
CREATE OR REPLACE FUNCTION pack_files_released() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    DELETE FROM version_files f USING pack_versions v WHERE v.id = f.version_id AND v.pack_id = NEW.id;
    WITH gone AS (DELETE FROM bundles b USING pack_versions v WHERE v.id = b.version_id AND v.pack_id = NEW.id RETURNING b.sha256)
    INSERT INTO removed_files (sha256, removed_at) SELECT decode(sha256, 'hex'), now() FROM gone WHERE sha256 IS NOT NULL ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

-- Those of packs that were deleted before this.
WITH gone AS (
    DELETE FROM bundles b USING pack_versions v, packs p WHERE v.id = b.version_id AND p.id = v.pack_id AND p.visibility = 'deleted' RETURNING b.sha256)
INSERT INTO removed_files (sha256, removed_at) SELECT decode(sha256, 'hex'), now() FROM gone WHERE sha256 IS NOT NULL ON CONFLICT DO NOTHING;
