-- A deleted account keeps its row, for the username: keys and old links carry it, so nobody else may have it. Nothing else of the person is left in it. It is suspended
-- as well: every place that asks whether an account may do something asks that already.
ALTER TABLE accounts ADD COLUMN deleted_at timestamptz, ADD CHECK (deleted_at IS NULL OR (suspended_at IS NOT NULL AND email IS NULL));
