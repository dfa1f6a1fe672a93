-- Who did what, when, from where, in all services. Without foreign keys: what was done stays on record when the account is gone.
CREATE TABLE audit_log (
    id uuid PRIMARY KEY,        -- the event's id, version 7: grows with time to the millisecond, and is what the list is ordered by
    at timestamptz NOT NULL,
    action text NOT NULL,
    target text NOT NULL,
    actor_id uuid,              -- null: nobody was signed in
    actor_name text,
    credential text NOT NULL,   -- none, token or session
    credential_id uuid,
    address text,               -- null: the request did not come through the gateway
    subject_id uuid,            -- the account it was done to, where that is not the actor
    details jsonb
);

CREATE INDEX audit_log_actor ON audit_log (actor_id, id) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_log_subject ON audit_log (subject_id, id) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_log_action ON audit_log (action, id);
