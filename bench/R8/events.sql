-- A published version of so many packs, as the catalog writes it: one event each, all in one transaction.
INSERT INTO outbox (event_id, entity, event_type, body)
SELECT id, 'pack:' || slug, 'PackVersionPublished', jsonb_build_object(
       'EventId', id, 'OccurredAt', now(), 'Slug', slug, 'Revision', 1, 'OwnerId', :'owner', 'Visibility', 'unlisted', 'Name', 'Benchmark ' || slug, 'Version', '1.0.0',
       'Publisher', 'bench', 'Game', '7d2d', 'GameVersion', 'V 2.4', 'PublishedAt', '2024-06-01T00:00:00Z', 'FileCount', 2, 'TotalSizeBytes', 1000000,
       'ManifestSha256', repeat('e3', 32), 'KeyId', 'bench/main')
  FROM (SELECT gen_random_uuid() AS id, 'bench-bus-' || :'round' || '-' || n AS slug FROM generate_series(1, :count) AS n) AS packs;
