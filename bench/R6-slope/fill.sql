-- So many deliveries that were made at the first attempt during the last month.
WITH made AS (
    INSERT INTO deliveries (id, endpoint_id, event_id, event, subject, body, status, attempts, round_attempts, last_status_code, occurred_at, created_at)
    SELECT gen_random_uuid(), hooks.id, gen_random_uuid(), 'pack.version_published', 'pack:bench-' || n, convert_to(repeat('x', 300), 'UTF8'), 'delivered', 1, 1, 200, at, at
      FROM (SELECT array_agg(id) AS ids, count(*) AS count FROM endpoints) AS all_hooks,
           generate_series(1, :count) AS n,
           LATERAL (SELECT all_hooks.ids[1 + n % all_hooks.count] AS id, now() - n * interval '2 seconds' AS at) AS hooks
    RETURNING id, created_at)
INSERT INTO attempts (delivery_id, number, at, status_code, duration_ms) SELECT id, 1, created_at, 200, 5 FROM made;
