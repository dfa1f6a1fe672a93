-- Since when an endpoint does nothing but fail; enough of it disables the endpoint.
ALTER TABLE endpoints
    ADD COLUMN failing_since timestamptz,     -- the first of its failures in a row; null after a success
    ADD COLUMN last_failed_at timestamptz;    -- after a long silence a failure begins a new row

-- What the hub did to an account's endpoints by itself.
CREATE TABLE feed (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id uuid NOT NULL,
    endpoint_id uuid NOT NULL REFERENCES endpoints ON DELETE CASCADE,
    at timestamptz NOT NULL,
    event text NOT NULL,
    reason text NOT NULL
);

CREATE INDEX feed_account ON feed (account_id, position DESC);
CREATE INDEX feed_endpoint ON feed (endpoint_id); -- for the cascade
