-- The words of public packs, each once, for searches that find nothing. A typed word is compared with these instead of with whole texts: in a text of some hundred
-- letters three or four of a short word's trigrams are always somewhere, among words they are not.
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

-- A word, and the word with each of its letters left out: two words of which one letter is wrong, missing, too many or swapped share at least one of these. So an
-- index of them finds all such words, however short they are.
CREATE FUNCTION word_variants(word text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY(SELECT word UNION SELECT left(word, at - 1) || substr(word, at + 1) FROM generate_series(1, length(word)) AS at);

CREATE FUNCTION sorted_letters(word text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT string_agg(letter, '' ORDER BY letter COLLATE "C") FROM regexp_split_to_table(word, '') AS letter);

-- Rows stay when the last pack with a word goes: who finds the word looks whether a pack has it.
CREATE TABLE pack_words (
    word text COLLATE "C" PRIMARY KEY,
    variants text[] NOT NULL GENERATED ALWAYS AS (word_variants(word)) STORED
);

CREATE INDEX pack_words_variants ON pack_words USING gin (variants) WITH (fastupdate = off);
CREATE INDEX pack_words_trigrams ON pack_words USING gin (word gin_trgm_ops) WITH (fastupdate = off);

-- What can be mistyped: with two letters everything is alike, and nobody types 33.
CREATE FUNCTION words_of(similar_text text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT DISTINCT word FROM regexp_split_to_table(similar_text, ' ') AS word WHERE length(word) BETWEEN 3 AND 32
$$;

INSERT INTO pack_words (word) SELECT DISTINCT w.word FROM packs p, words_of(p.similar_text) AS w (word) WHERE p.visibility = 'public';

-- In one order everywhere, so that two packs with the same new words cannot wait for each other. The settings: each word is looked up by the index. A plan that was made while
-- there were few words would read all of them for each pack, for as long as the connection lasts.
CREATE FUNCTION learn_pack_words() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    INSERT INTO pack_words (word)
    SELECT w.word FROM words_of(NEW.similar_text) AS w (word) WHERE NOT EXISTS (SELECT FROM pack_words known WHERE known.word = w.word) ORDER BY w.word COLLATE "C"
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE TRIGGER packs_learn_words AFTER INSERT OR UPDATE OF name, slug, tags, publisher_name, summary, visibility ON packs
    FOR EACH ROW WHEN (NEW.visibility = 'public') EXECUTE FUNCTION learn_pack_words();

-- The words most like one that nobody has: one letter wrong, missing, too many or elsewhere; from six letters on two, if enough of the word is left to know it by.
-- Only the nearest ones that a public pack has, so that a good guess does not drown in bad ones.
-- The settings: a search must not read through all packs because the planner hopes to find one soon. (Both functions.)
CREATE FUNCTION near_words(wanted text) RETURNS SETOF text LANGUAGE sql STABLE ROWS 5
SET pg_trgm.similarity_threshold = 0.3 SET enable_seqscan = off SET enable_indexscan = off
AS $$
    WITH candidates AS (
        SELECT w.word FROM pack_words w WHERE w.variants && word_variants(wanted)
        UNION
        SELECT w.word FROM pack_words w WHERE length(wanted) > 5 AND w.word % wanted),
    measured AS (
        SELECT c.word, levenshtein(c.word, wanted) AS edits, sorted_letters(c.word) = sorted_letters(wanted) AND word_variants(c.word) && word_variants(wanted) AS is_moved
          FROM candidates c),
    near AS (
        SELECT m.word, CASE WHEN m.is_moved THEN 1 ELSE m.edits END AS distance
          FROM measured m WHERE m.is_moved OR m.edits <= CASE WHEN length(wanted) > 5 THEN 2 ELSE 1 END
         ORDER BY distance, m.word LIMIT 50),
    had AS (
        SELECT n.word, rank() OVER (ORDER BY n.distance) AS place FROM near n
         WHERE EXISTS (SELECT FROM packs p WHERE p.visibility = 'public' AND p.search @@ quote_literal(n.word)::tsquery))
    SELECT h.word FROM had h WHERE h.place = 1
$$;

-- Public packs that have each of the words, the 2,000 most downloaded of them, and how well they fit. A word may be the beginning of one that a pack has, or two of them in one ("skyfactory" for "Sky
-- Factory"), or else misspelt.
CREATE OR REPLACE FUNCTION similar_packs(words text[]) RETURNS TABLE (pack_id uuid, score real) LANGUAGE plpgsql STABLE ROWS 100
SET enable_seqscan = off SET enable_indexscan = off
AS $$
DECLARE
    typed text;
    meant tsquery;
    query tsquery;
BEGIN
    FOREACH typed IN ARRAY words LOOP
        meant := (quote_literal(typed) || ':*')::tsquery;
        IF NOT EXISTS (SELECT FROM packs p WHERE p.visibility = 'public' AND p.search @@ meant) THEN
            meant := (SELECT string_agg(quote_literal(w.one) || '<->' || quote_literal(w.other), '|')::tsquery
                        FROM (SELECT left(typed, at) AS one, substr(typed, at + 1) AS other FROM generate_series(3, length(typed) - 3) AS at) w
                       WHERE EXISTS (SELECT FROM pack_words k WHERE k.word = w.one) AND EXISTS (SELECT FROM pack_words k WHERE k.word = w.other));
            IF meant IS NULL OR NOT EXISTS (SELECT FROM packs p WHERE p.visibility = 'public' AND p.search @@ meant) THEN
                meant := (SELECT string_agg(quote_literal(near), '|')::tsquery FROM near_words(typed) AS near);
            END IF;
        END IF;
        query := CASE WHEN query IS NULL THEN meant ELSE query && meant END;
        EXIT WHEN query IS NULL;
    END LOOP;

    RETURN QUERY SELECT p.id, ts_rank(p.search, query)
      FROM (SELECT c.id, c.search FROM packs c WHERE c.visibility = 'public' AND c.search @@ query ORDER BY c.is_featured DESC, c.download_count DESC, c.id DESC LIMIT 2000) p;
END $$;

DROP INDEX packs_similar; -- of whole texts, which are compared no longer
