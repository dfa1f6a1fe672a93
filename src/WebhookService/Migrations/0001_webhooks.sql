-- Where an account wants to be told, and of what.
CREATE TABLE endpoints (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    url text NOT NULL,
    description text,
    events text[] NOT NULL,                   -- names of events, or the single entry '*'
    packs text[] NOT NULL DEFAULT '{}',       -- slugs; empty: every pack of the account
    servers text[] NOT NULL DEFAULT '{}',     -- slugs; empty: every server of the account
    enabled boolean NOT NULL DEFAULT true,
    disabled_reason text,                     -- null exactly while enabled
    secret bytea NOT NULL,                    -- nonce, ciphertext and tag of AES-GCM
    secret_key_id text NOT NULL,              -- which key encrypted it, so that the key can be changed
    previous_secret bytea,                    -- still signs until previous_secret_expires_at
    previous_secret_key_id text,
    previous_secret_expires_at timestamptz,
    created_at timestamptz NOT NULL,
    CHECK (enabled = (disabled_reason IS NULL))
);

CREATE INDEX endpoints_account ON endpoints (account_id, id);

-- One event for one endpoint. The body is made once; every attempt and every redelivery sends these bytes.
CREATE TABLE deliveries (
    id uuid PRIMARY KEY,
    position bigint GENERATED ALWAYS AS IDENTITY,
    endpoint_id uuid NOT NULL REFERENCES endpoints ON DELETE CASCADE,
    event_id uuid NOT NULL,
    event text NOT NULL,
    subject text NOT NULL,                    -- what the event is about, such as 'pack:my-pack': the older due delivery of a subject goes first
    body bytea NOT NULL,
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'failed')),
    attempts int NOT NULL DEFAULT 0,          -- ever made
    round_attempts int NOT NULL DEFAULT 0,    -- made since the event, or since the last redelivery was asked for: the step of the schedule
    next_attempt_at timestamptz,              -- null once delivered or given up
    leased_until timestamptz,                 -- while a worker has it; past: that worker died
    last_status_code int,
    occurred_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (event_id, endpoint_id),           -- a redelivered hub event adds nothing
    CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL))
);

CREATE INDEX deliveries_pending ON deliveries (endpoint_id, occurred_at, position) INCLUDE (next_attempt_at) WHERE status = 'pending';
CREATE INDEX deliveries_leased ON deliveries (endpoint_id, leased_until) WHERE leased_until IS NOT NULL;
CREATE INDEX deliveries_newest ON deliveries (endpoint_id, position DESC);

CREATE TABLE attempts (
    delivery_id uuid NOT NULL REFERENCES deliveries ON DELETE CASCADE,
    number int NOT NULL,                      -- from 1
    at timestamptz NOT NULL,
    status_code int,                          -- null when there was no answer
    duration_ms int NOT NULL,
    error text,                               -- null when delivered
    response_body text,                       -- its first 4 KB
    PRIMARY KEY (delivery_id, number)
);
