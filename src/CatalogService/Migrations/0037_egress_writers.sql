-- The last batch of metered bytes that each process wrote: one that is sent again, because the answer to its commit was lost, is not counted twice.
CREATE TABLE egress_writers (
    id uuid PRIMARY KEY, -- made anew by each process
    batch bigint NOT NULL,
    written_at timestamptz NOT NULL
);
