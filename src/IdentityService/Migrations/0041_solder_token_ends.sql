-- A token of the Solder dialect that was made with an API token ends when that does; null: without an end.
ALTER TABLE solder_tokens ADD COLUMN expires_at timestamptz;

CREATE INDEX solder_tokens_end ON solder_tokens (expires_at) WHERE expires_at IS NOT NULL;
