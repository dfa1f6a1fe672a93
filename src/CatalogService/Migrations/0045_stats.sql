-- Most players at once on all servers, by 5 minutes: what the peak of a day is read from.
CREATE TABLE player_peaks (
    slot timestamptz PRIMARY KEY,
    players bigint NOT NULL
);

-- Downloads of the whole hub by 5 minutes, for the last 24 hours; those of packs are counted by days.
CREATE TABLE download_slots (
    slot timestamptz PRIMARY KEY,
    downloads bigint NOT NULL
);
