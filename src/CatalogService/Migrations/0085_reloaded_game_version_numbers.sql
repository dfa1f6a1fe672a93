-- Counts of compatibility may be asked for with the number of a game's version alone.
CREATE INDEX reloaded_game_versions_number ON reloaded_game_versions (version_id);
