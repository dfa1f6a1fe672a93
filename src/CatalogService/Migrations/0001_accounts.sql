-- What the catalog knows of accounts: a copy that follows the identity service's events. A row also appears when an account first
-- creates something here, from what its credentials say, so that owners never point at nothing.
CREATE TABLE accounts (
    id uuid PRIMARY KEY,
    username text NOT NULL,
    display_name text NOT NULL,
    revision bigint NOT NULL -- of the last event; 0 before the first
);
