-- Which secret signed an attempt, so that its headers can be shown as they were sent: five bytes in the place of a hundred of signatures.
ALTER TABLE endpoints ADD COLUMN secret_number int NOT NULL DEFAULT 1; -- the how manieth secret of the endpoint the present one is

ALTER TABLE attempts
    ADD COLUMN secret_number int,             -- null when nothing could be signed, and in rows from before
    ADD COLUMN signed_twice boolean;          -- whether the secret before it signed along
