-- Games of the Reloaded-III dialect, as the community repository knows them: what compatibility reports and picture searches may name.
CREATE TABLE reloaded_games (
    id text COLLATE "C" PRIMARY KEY, -- in lower case: clients spell it as they like
    spelling text NOT NULL,
    name text NOT NULL,
    steam_grid_db_id bigint,
    updated_at timestamptz NOT NULL
);

CREATE TABLE reloaded_game_versions (
    game_id text COLLATE "C" NOT NULL REFERENCES reloaded_games ON DELETE CASCADE,
    version_id bigint NOT NULL, -- 32 bits without sign
    friendly_name text NOT NULL,
    PRIMARY KEY (game_id, version_id)
);
