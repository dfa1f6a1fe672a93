-- For the log of a webhook, by status, by event, by both or by neither: the newest of each status and event are read, whatever else is in the log. It takes the place of the index
-- of the newest, which every claim and every outcome writes to as well (both change columns that other indexes hold), so that a delivery costs no more than before.
CREATE INDEX deliveries_log ON deliveries (endpoint_id, status, event, position);
DROP INDEX deliveries_newest;

-- For sending a stretch of time again: it begins at the time that was asked for, not at the oldest row. Only what has ended is in these, so that a delivery comes into one of them once.
CREATE INDEX deliveries_delivered_since ON deliveries (endpoint_id, created_at, position) WHERE status = 'delivered';
CREATE INDEX deliveries_given_up_since ON deliveries (endpoint_id, created_at, position) WHERE status = 'failed';
DROP INDEX deliveries_given_up;
