-- Leases what is due. $1 now, $2 end of the lease, $3 deliveries under way per endpoint, $4 most rows.
--
-- Fair by construction: each endpoint offers its oldest few, the first of every endpoint go before the second of any, and an endpoint whose
-- deliveries hang has at most $3 of them under way. The cost grows with the number of endpoints that wait, not with the length of their queues:
-- neither with what is due, which is read in its order as far as needed, nor with what failed and waits for its time, which is not read.
-- What is asked for again has a queue of its own, and what failed too. The queues of an endpoint take turns for its slots: the one with the fewest under way is next, however
-- much older what stands in another is, so that a long stretch that goes out again does not hold up the news of other packs.
WITH RECURSIVE untried AS ( -- the endpoints with something that was not tried yet, by jumping from one to the next in the index
    (SELECT endpoint_id FROM deliveries WHERE status = 'pending' AND round_attempts = 0 AND attempts = 0 ORDER BY endpoint_id LIMIT 1)
    UNION ALL
    SELECT (SELECT d.endpoint_id FROM deliveries d
             WHERE d.status = 'pending' AND d.round_attempts = 0 AND d.attempts = 0 AND d.endpoint_id > u.endpoint_id ORDER BY d.endpoint_id LIMIT 1)
      FROM untried u WHERE u.endpoint_id IS NOT NULL
),
redelivered AS ( -- those with something that is to go out again
    (SELECT endpoint_id FROM deliveries WHERE status = 'pending' AND round_attempts = 0 AND attempts > 0 ORDER BY endpoint_id LIMIT 1)
    UNION ALL
    SELECT (SELECT d.endpoint_id FROM deliveries d
             WHERE d.status = 'pending' AND d.round_attempts = 0 AND d.attempts > 0 AND d.endpoint_id > r.endpoint_id ORDER BY d.endpoint_id LIMIT 1)
      FROM redelivered r WHERE r.endpoint_id IS NOT NULL
),
failed AS ( -- and those with something that failed
    (SELECT endpoint_id FROM deliveries WHERE status = 'pending' AND round_attempts > 0 ORDER BY endpoint_id LIMIT 1)
    UNION ALL
    SELECT (SELECT d.endpoint_id FROM deliveries d WHERE d.status = 'pending' AND d.round_attempts > 0 AND d.endpoint_id > f.endpoint_id ORDER BY d.endpoint_id LIMIT 1)
      FROM failed f WHERE f.endpoint_id IS NOT NULL
),
waiting AS (
    SELECT endpoint_id FROM untried UNION SELECT endpoint_id FROM redelivered UNION SELECT endpoint_id FROM failed
),
offered AS ( -- OFFSET 0 keeps each step behind the one before it: an endpoint that waits for nothing, or has all its slots taken, is not looked at further
    -- Between queues that have as many under way chance decides: an endpoint with a single slot would otherwise have it taken by the same queue each time.
    SELECT ranked.id, ranked.occurred_at, ranked.position, e.busy + row_number() OVER (PARTITION BY w.endpoint_id ORDER BY ranked.rank, random()) AS place
      FROM waiting w
     CROSS JOIN LATERAL (
        SELECT under_way.busy, under_way.by_queue
          FROM endpoints, (
            SELECT count(*) AS busy,
                   ARRAY[count(*) FILTER (WHERE d.round_attempts = 0 AND d.attempts = 0), count(*) FILTER (WHERE d.round_attempts = 0 AND d.attempts > 0),
                         count(*) FILTER (WHERE d.round_attempts > 0)] AS by_queue
              FROM deliveries d WHERE d.endpoint_id = w.endpoint_id AND d.leased_until > $1) under_way
         WHERE id = w.endpoint_id AND enabled OFFSET 0) e
     CROSS JOIN LATERAL (
        SELECT head.id, head.occurred_at, head.position, e.by_queue[head.queue] + row_number() OVER (PARTITION BY head.queue ORDER BY head.occurred_at, head.position) AS rank
          FROM (
            -- Of a subject only the oldest due delivery may go, and while it is under way no other: that keeps the order of a pack's events.
            -- One that failed and waits for its next attempt is not due and holds up nobody.
            SELECT oldest.*, row_number() OVER (PARTITION BY oldest.subject ORDER BY oldest.occurred_at, oldest.position) AS turn
              FROM ((SELECT d.id, d.subject, d.occurred_at, d.position, d.leased_until, 1 AS queue FROM deliveries d
                      WHERE d.endpoint_id = w.endpoint_id AND d.status = 'pending' AND d.round_attempts = 0 AND d.attempts = 0 AND d.next_attempt_at <= $1
                      ORDER BY d.occurred_at, d.position LIMIT 4 * $3)
                    UNION ALL
                    (SELECT d.id, d.subject, d.occurred_at, d.position, d.leased_until, 2 FROM deliveries d
                      WHERE d.endpoint_id = w.endpoint_id AND d.status = 'pending' AND d.round_attempts = 0 AND d.attempts > 0 AND d.next_attempt_at <= $1
                      ORDER BY d.occurred_at, d.position LIMIT 4 * $3)
                    UNION ALL
                    (SELECT d.id, d.subject, d.occurred_at, d.position, d.leased_until, 3 FROM deliveries d
                      WHERE d.endpoint_id = w.endpoint_id AND d.status = 'pending' AND d.round_attempts > 0 AND d.next_attempt_at <= $1
                      ORDER BY d.next_attempt_at LIMIT 4 * $3)) oldest
             WHERE e.busy < $3 OFFSET 0) head
         WHERE head.turn = 1 AND (head.leased_until IS NULL OR head.leased_until <= $1)) ranked
),
chosen AS (
    SELECT id FROM offered WHERE place <= $3 ORDER BY place, occurred_at, position LIMIT $4
),
locked AS MATERIALIZED ( -- another replica may have chosen the same rows at the same moment: whoever comes second gets none of them
    SELECT d.id FROM deliveries d JOIN chosen USING (id)
     WHERE d.status = 'pending' AND d.next_attempt_at <= $1 AND (d.leased_until IS NULL OR d.leased_until <= $1)
       FOR UPDATE OF d SKIP LOCKED
)
UPDATE deliveries d SET leased_until = $2
  FROM locked, endpoints e
 WHERE d.id = locked.id AND e.id = d.endpoint_id
RETURNING d.id, d.endpoint_id, d.event, d.body, d.attempts, d.round_attempts, d.occurred_at, e.url, e.secret_key_id, e.secret,
          e.previous_secret_key_id, CASE WHEN e.previous_secret_expires_at > $1 THEN e.previous_secret END,
          e.secret_number
