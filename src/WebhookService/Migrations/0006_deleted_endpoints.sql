-- Set when its owner, or its account, deleted an endpoint. Nobody finds it any more and nothing more is recorded for it or sent to it; its rows, which may be millions, are removed
-- in batches afterwards. It is disabled as well, with the reason 'deleted': what looks for endpoints to deliver to needs to know of nothing else.
ALTER TABLE endpoints
    ADD COLUMN deleted_at timestamptz,
    ADD CHECK (deleted_at IS NULL OR NOT enabled);

-- For the removal: few at any time.
CREATE INDEX endpoints_deleted ON endpoints (deleted_at) WHERE deleted_at IS NOT NULL;
