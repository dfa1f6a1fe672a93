-- Writes down the attempts that ended at about the same time, and what follows from them for their endpoints. $1 to $13 one entry per attempt,
-- $14 how long an endpoint may do nothing but fail, $15 the silence after which a failure is the first of a new row.
WITH outcome AS (
    SELECT * FROM unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::int[], $8::int[], $9::text[], $10::text[], $11::boolean[], $12::int[], $13::boolean[])
        AS o (id, number, round, status, next_attempt_at, at, status_code, duration_ms, error, response_body, gone, secret_number, signed_twice)
),
recorded AS ( -- a row that another worker took over meanwhile, because our lease had ended, stays as that worker left it
    UPDATE deliveries d
       SET status = o.status, attempts = o.number, round_attempts = o.round, next_attempt_at = o.next_attempt_at, last_status_code = o.status_code, leased_until = NULL
      FROM outcome o WHERE d.id = o.id AND d.attempts = o.number - 1 AND d.status = 'pending'
    RETURNING d.id, d.endpoint_id
),
logged AS (
    INSERT INTO attempts (delivery_id, number, at, status_code, duration_ms, error, response_body, secret_number, signed_twice)
    SELECT id, number, at, status_code, duration_ms, error, response_body, secret_number, signed_twice FROM outcome JOIN recorded USING (id)
),
summed AS (
    SELECT r.endpoint_id, bool_or(o.error IS NULL) AS delivered, bool_or(o.gone) AS gone, min(o.at) AS first_at, max(o.at) AS last_at
      FROM outcome o JOIN recorded r USING (id) GROUP BY r.endpoint_id
),
judged AS MATERIALIZED ( -- locked in the order of their ids, so that two replicas cannot wait for each other; an endpoint that is well is not touched
    SELECT e.id, e.enabled, s.gone, s.last_at,
           CASE WHEN s.delivered THEN NULL WHEN e.last_failed_at >= s.first_at - $15::interval THEN COALESCE(e.failing_since, s.first_at) ELSE s.first_at END AS failing_since
      FROM endpoints e JOIN summed s ON s.endpoint_id = e.id
     WHERE s.gone OR NOT s.delivered OR e.failing_since IS NOT NULL
     ORDER BY e.id FOR NO KEY UPDATE OF e
),
reasoned AS (
    SELECT *, CASE WHEN gone THEN 'gone' WHEN failing_since <= last_at - $14::interval THEN 'failing' END AS reason FROM judged
),
marked AS (
    UPDATE endpoints e
       SET failing_since = r.failing_since, last_failed_at = CASE WHEN r.failing_since IS NULL THEN e.last_failed_at ELSE r.last_at END,
           enabled = e.enabled AND r.reason IS NULL, disabled_reason = CASE WHEN e.enabled THEN r.reason ELSE e.disabled_reason END
      FROM reasoned r WHERE e.id = r.id
    RETURNING e.account_id, e.id, r.last_at, CASE WHEN r.enabled THEN r.reason END AS reason
)
INSERT INTO feed (account_id, endpoint_id, at, event, reason) SELECT account_id, id, last_at, 'webhook.disabled', reason FROM marked WHERE reason IS NOT NULL
