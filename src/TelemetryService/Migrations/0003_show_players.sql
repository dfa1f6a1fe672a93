-- Whether the owner lets everybody see who plays: only then are the names of a heartbeat kept at all.
ALTER TABLE servers ADD COLUMN show_players boolean NOT NULL DEFAULT false;
