-- Filters that may leave few of many: then the list is read through them and sorted, else it is read in its order and filtered.
CREATE INDEX packs_game ON packs (game) WHERE visibility = 'public';
CREATE INDEX servers_game ON servers (game);
CREATE INDEX server_live_online ON server_live (server_id) WHERE online;
