-- The rows of one publish, as src/CatalogService/Versions/NewVersions.cs writes them: the version, its pack, its files, its key's history, its bundle to be built, the event and the audit record.
-- The checks and the locks that come before them, and the removal of a held version, of which there is none, are left to our side alone.
\set pack random(0, 199)
\set number random(1, 1000000000000000)
BEGIN;
WITH pack AS (SELECT id, revision FROM packs WHERE slug = 'bench-publish-' || :pack::int FOR UPDATE)
INSERT INTO pack_versions (id, pack_id, version, manifest, manifest_sha256, key_id, published_at, accepted_at, file_count, total_size_bytes, game_version)
SELECT gen_random_uuid(), pack.id, '1.0.' || :number::bigint, :manifest::bytea, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'bench/main', :publishedat, now(), 2, 1000000, 'V2.0' FROM pack
ON CONFLICT (pack_id, version) DO NOTHING
RETURNING id AS version_id, pack_id \gset
UPDATE packs SET latest_version_id = :version_id::uuid, latest_version = '1.0.' || :number::bigint, file_count = 2, total_size_bytes = 1000000, active_at = now(), revision = revision + 1 WHERE id = :pack_id::uuid;
INSERT INTO version_files (version_id, sha256) SELECT :version_id::uuid, f.sha256 FROM (VALUES (sha256('a')), (sha256('b'))) AS f (sha256);
INSERT INTO bundles (version_id, total_size_bytes, due_at) SELECT v.id, v.total_size_bytes, v.accepted_at FROM pack_versions v WHERE v.id = :version_id::uuid ON CONFLICT DO NOTHING;
INSERT INTO pack_keys AS k (pack_id, key_id, versions, first_used_at, last_used_at) VALUES (:pack_id::uuid, 'bench/main', 1, now(), now())
ON CONFLICT (pack_id, key_id) DO UPDATE SET versions = k.versions + 1, last_used_at = EXCLUDED.last_used_at;
INSERT INTO outbox (event_id, entity, event_type, body, trace_parent) VALUES (gen_random_uuid(), :entity::text || :pack::int, 'PackVersionPublished',
    :event::jsonb, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'), (gen_random_uuid(), 'audit:' || :version_id::uuid, 'AuditRecorded',
    :audit::jsonb, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
END;
