-- Whether the owner lets everybody see who plays.
ALTER TABLE servers ADD COLUMN show_players boolean NOT NULL DEFAULT false;
