-- Reports whether a version of a package works with a version of a game. The sums are kept as reports come; a single report is only there while its day lasts, so that a second one of the
-- same reporter replaces it.
CREATE TABLE reloaded_compatibility (
    version_id bigint NOT NULL REFERENCES reloaded_versions,
    game_id text COLLATE "C" NOT NULL,
    game_version_id bigint NOT NULL,
    success_count bigint NOT NULL DEFAULT 0,
    failure_count bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (version_id, game_id, game_version_id)
);

CREATE TABLE reloaded_reports (
    day date NOT NULL,
    reporter bytea NOT NULL, -- keyed hash of the address: see reloaded_reporter_keys
    version_id bigint NOT NULL,
    game_id text COLLATE "C" NOT NULL,
    game_version_id bigint NOT NULL,
    success boolean NOT NULL,
    PRIMARY KEY (day, reporter, version_id, game_id, game_version_id)
);

-- Half of the key of one day's reporters; the other half is the hub's secret, which the database does not have. It goes with the day: after that nobody can tell an address from its hash.
CREATE TABLE reloaded_reporter_keys (
    day date PRIMARY KEY,
    key bytea NOT NULL
);
