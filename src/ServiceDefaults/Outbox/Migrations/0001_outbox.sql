-- Events that are true since their transaction committed and that the broker has not confirmed yet.
CREATE TABLE outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    entity text NOT NULL,             -- events of one entity leave in order, those of different entities side by side
    event_type text NOT NULL,         -- name of the record in Contracts
    body jsonb NOT NULL,
    trace_parent text,                -- W3C trace context of the request that caused it
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX outbox_entity_position ON outbox (entity, position);

-- Wakes the relays at commit; within a transaction the notifications collapse into one.
CREATE FUNCTION outbox_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('outbox', '');
    RETURN NULL;
END
$$;

CREATE TRIGGER outbox_inserted AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION outbox_notify();
