-- Where a session was begun, so that its owner can tell it from others. Null for sessions from before this script.
ALTER TABLE sessions ADD COLUMN address text, ADD COLUMN user_agent text;

CREATE INDEX sessions_account_seen ON sessions (account_id, last_seen_at);
DROP INDEX sessions_account;
