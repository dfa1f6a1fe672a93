-- Text as search sees it: lower case, everything but letters and digits is a gap. The collation is named so that the answer
-- does not depend on how the database was created.
CREATE FUNCTION search_words(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN regexp_replace(lower(words COLLATE "und-x-icu") COLLATE "und-x-icu", '[^[:alnum:]]+', ' ', 'g');

-- array_to_string is only declared stable, because of element types whose text depends on settings; text itself does not.
CREATE FUNCTION joined(words text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN array_to_string(words, ' ');

CREATE TABLE packs (
    id uuid PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    owner_id uuid NOT NULL REFERENCES accounts,
    publisher_name text NOT NULL,      -- the owner's display name, copied here because lists show it and search finds it
    name text NOT NULL,
    summary text,
    description text,
    tags text[] NOT NULL,
    cover_image text,
    game text NOT NULL,
    visibility text NOT NULL CHECK (visibility IN ('public', 'unlisted', 'private')),
    is_featured boolean NOT NULL DEFAULT false,
    revision bigint NOT NULL DEFAULT 1,
    latest_version_id uuid,            -- last published version that is not withdrawn; the next three are its facts
    latest_version text,
    file_count integer NOT NULL DEFAULT 0,
    total_size_bytes bigint NOT NULL DEFAULT 0,
    -- Sums for lists. Whoever counts collects elsewhere and brings the sums here in batches: a popular pack's row must not become
    -- the place where every download waits for the one before.
    download_count bigint NOT NULL DEFAULT 0,
    favorite_count bigint NOT NULL DEFAULT 0,
    installs_last_week bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    active_at timestamptz NOT NULL,    -- last publish; creation before the first
    name_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(name COLLATE "und-x-icu")) STORED,
    search tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', search_words(name || ' ' || slug)), 'A') ||
        setweight(to_tsvector('simple', search_words(joined(tags) || ' ' || publisher_name)), 'B') ||
        setweight(to_tsvector('simple', search_words(coalesce(summary, ''))), 'C') ||
        setweight(to_tsvector('simple', search_words(coalesce(description, ''))), 'D')) STORED
);

CREATE INDEX packs_owner ON packs (owner_id);

-- Without the list of pending entries: every search would read it through, and packs are found far more often than they are changed.
CREATE INDEX packs_search ON packs USING gin (search) WITH (fastupdate = off) WHERE visibility = 'public';
CREATE INDEX packs_tags ON packs USING gin (tags) WITH (fastupdate = off) WHERE visibility = 'public';

-- One index per order of the public list, each in exactly the order of its keyset.
CREATE INDEX packs_popular ON packs (is_featured DESC, download_count DESC, id DESC) WHERE visibility = 'public';
CREATE INDEX packs_trending ON packs (is_featured DESC, installs_last_week DESC, id DESC) WHERE visibility = 'public';
CREATE INDEX packs_recent ON packs (is_featured DESC, active_at DESC, id DESC) WHERE visibility = 'public';
CREATE INDEX packs_name ON packs ((NOT is_featured), name_key, id) WHERE visibility = 'public';
