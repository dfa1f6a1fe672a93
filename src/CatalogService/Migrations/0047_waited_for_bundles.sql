-- Those that a download waits for are built before all others.
ALTER TABLE bundles ADD COLUMN is_waited_for boolean NOT NULL DEFAULT false;
DROP INDEX bundles_waiting;
CREATE INDEX bundles_waiting ON bundles (is_waited_for DESC, total_size_bytes, version_id) WHERE built_at IS NULL;
