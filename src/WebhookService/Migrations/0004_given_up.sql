-- For lists of what was given up, and to deliver it again. Few rows ever come into it.
CREATE INDEX deliveries_given_up ON deliveries (endpoint_id, position DESC) WHERE status = 'failed';
