-- 10,000 packages of the Reloaded-III dialect with one version each: a package.toml of 1,200 letters, a config of 600 and two language files of 400, as far from repeating themselves as such files are.
CREATE FUNCTION pg_temp.text_of(seed text, size integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT left(string_agg('Setting' || i || ' = "' || md5(seed || i) || '"' || chr(10), ''), size) FROM generate_series(1, size / 45 + 1) i
$$;
INSERT INTO reloaded_packages (id, id_hash, owner_id, trusted_site, latest_release, latest_any, created_at)
SELECT 'bench.mod.package' || n || '.s56', n, gen_random_uuid(), 'GitHub', '1.0.0', '1.0.0', now() FROM generate_series(1, 10000) n;
INSERT INTO reloaded_versions (package, version, content_sha256, package_toml, config_toml, language_paths, language_data, metadata_bytes, update_source_data, downloads, deltas, download_bytes, created_at)
SELECT position, '1.0.0', sha256(id::bytea), pg_temp.text_of(id || 't', 1200), pg_temp.text_of(id || 'c', 600), ARRAY['languages/en-GB.toml', 'languages/de-DE.toml'],
       ARRAY[pg_temp.text_of(id || 'e', 400), pg_temp.text_of(id || 'd', 400)], 3152, '{}', '[]', '[]', 512, now()
  FROM reloaded_packages;
VACUUM ANALYZE reloaded_packages, reloaded_versions;
