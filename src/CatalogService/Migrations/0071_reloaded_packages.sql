-- Packages of the Reloaded-III dialect. What is found by the latest version stands with the package, so that reading many packages reads as many rows.
CREATE TABLE reloaded_packages (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- in the order in which they came
    id text COLLATE "C" NOT NULL UNIQUE,
    id_hash bigint NOT NULL UNIQUE, -- XXH3-64 of the id; a package whose id has the hash of another's is refused
    owner_id uuid NOT NULL,
    trusted_site text NOT NULL, -- where its first version was first
    latest_release text, -- null: none that may be downloaded
    latest_any text, -- pre-releases too
    name text,
    summary text,
    translation_of text COLLATE "C",
    language_code text,
    friendly_name text,
    created_at timestamptz NOT NULL
);

CREATE INDEX reloaded_packages_translations ON reloaded_packages (translation_of, position) WHERE translation_of IS NOT NULL;

-- One search file per prefix of ids: the part before the first dot.
CREATE INDEX reloaded_packages_prefix ON reloaded_packages (split_part(id, '.', 1), id);

CREATE TABLE reloaded_versions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    package bigint NOT NULL REFERENCES reloaded_packages,
    version text COLLATE "C" NOT NULL,
    content_sha256 bytea NOT NULL, -- of the request that published it: the same again is no conflict
    package_toml text NOT NULL,
    config_toml text,
    language_paths text[] NOT NULL,
    language_data text[] NOT NULL,
    metadata_bytes bigint NOT NULL, -- of all of these
    name text,
    summary text,
    translation_of text COLLATE "C",
    language_code text,
    friendly_name text,
    update_source_data json NOT NULL,
    downloads json NOT NULL,
    deltas json NOT NULL,
    download_bytes bigint NOT NULL, -- of the three above
    held_since timestamptz, -- not null: nobody but the owner sees it until the trusted site shows it
    is_deleted boolean NOT NULL DEFAULT false, -- no site has it any more
    created_at timestamptz NOT NULL,
    UNIQUE (package, version)
);
