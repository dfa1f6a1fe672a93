-- Modpacks of 50 builds of 100 mods, as the catalog's own statements would have stored them. One thousand mods of five versions each. Five million rows that refer to others: checking each
-- reference would take minutes, and they are right.
SET session_replication_role = replica;
INSERT INTO accounts (id, username, display_name, revision) VALUES (:'owner', :'username', :'username', 0) ON CONFLICT DO NOTHING;

INSERT INTO packs (id, slug, owner_id, publisher_name, name, tags, game, visibility, created_at, active_at)
SELECT gen_random_uuid(), 'bench-' || n, :'owner', :'username', 'Modpack ' || n, '{}', 'minecraft', 'public', now(), now() FROM generate_series(0, :packs - 1) n;
INSERT INTO solder_packs (pack_id, is_hidden, recommended, latest, updated_at) SELECT id, false, '1.0.48', '1.0.49', now() FROM packs WHERE slug LIKE 'bench-%';

INSERT INTO solder_mods (name, pretty_name, author, description, link, created_at, updated_at)
SELECT 'mod-' || n, 'Mod ' || n, 'Somebody', 'What it does', 'https://example.org/' || n, now(), now() FROM generate_series(1, 1000) n;
INSERT INTO solder_mod_versions (mod_id, version, md5, filesize, url, created_at, updated_at)
SELECT m.id, v || '.0', md5(m.name || v), m.id * 1000 + v, 'https://mods.example.com/mods/' || m.name || '/' || m.name || '-' || v || '.0.zip', now(), now() FROM solder_mods m, generate_series(1, 5) v;

INSERT INTO solder_builds (pack_id, version, minecraft, forge, is_published, is_private, min_java, min_memory, created_at, updated_at)
SELECT p.id, '1.0.' || b, '1.20.1', '47.1.0', true, false, '17', 4096, now(), now() FROM packs p, generate_series(0, 49) b WHERE p.slug LIKE 'bench-%' ORDER BY p.number, b;
INSERT INTO solder_build_mods (build_id, mod_id, mod_version_id)
SELECT b.id, v.mod_id, v.id FROM solder_builds b, generate_series(0, 99) n, solder_mod_versions v
 WHERE v.mod_id = (SELECT min(id) FROM solder_mods) + (b.id * 7 + n * 10) % 1000 AND v.version = (1 + (b.id + n) % 5) || '.0';
ANALYZE;
