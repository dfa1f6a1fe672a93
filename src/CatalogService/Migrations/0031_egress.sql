-- What was downloaded of an account's files and bundles, per calendar month of UTC.
CREATE TABLE egress (
    account_id uuid NOT NULL,
    month date NOT NULL, -- its first day
    bytes bigint NOT NULL,
    PRIMARY KEY (account_id, month)
);

-- Whose downloads they are is not known by the request: so the plan of every account is.
ALTER TABLE accounts ADD COLUMN plan text NOT NULL DEFAULT 'free';
