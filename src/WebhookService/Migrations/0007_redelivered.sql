-- What is to go out again stands in a row of its own beside what was never tried: a long stretch about one pack, one after the other, must not hold up the news of others that come
-- behind it. A delivery is in one of the two, so it costs no more than before.
CREATE INDEX deliveries_redelivered ON deliveries (endpoint_id, occurred_at, position) WHERE status = 'pending' AND round_attempts = 0 AND attempts > 0;
DROP INDEX deliveries_untried;
CREATE INDEX deliveries_untried ON deliveries (endpoint_id, occurred_at, position) WHERE status = 'pending' AND round_attempts = 0 AND attempts = 0;
