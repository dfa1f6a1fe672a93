-- What was never tried is due at once and is read in its order; what failed is read by the time at which it is due again. In one index together, an endpoint with
-- thousands of deliveries that wait for their next attempt would have all of them read by every look for due ones.
CREATE INDEX deliveries_untried ON deliveries (endpoint_id, occurred_at, position) WHERE status = 'pending' AND round_attempts = 0;
CREATE INDEX deliveries_failed ON deliveries (endpoint_id, next_attempt_at) WHERE status = 'pending' AND round_attempts > 0;
DROP INDEX deliveries_pending;
