-- For searches that find nothing: packs whose words look like those that were typed.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Without the description: typed words are those of a name, a tag, a publisher, and long texts are like everything.
ALTER TABLE packs ADD COLUMN similar_text text NOT NULL GENERATED ALWAYS AS (
    search_words(name || ' ' || slug || ' ' || joined(tags) || ' ' || publisher_name || ' ' || coalesce(summary, ''))) STORED;

CREATE INDEX packs_similar ON packs USING gin (similar_text gin_trgm_ops) WITH (fastupdate = off) WHERE visibility = 'public';

-- Public packs that have something like each of the words, and how alike they are: 0 to 1, the mean over the words. The first word is the
-- one that the index looks for: give the longest. 0.4 forgives one wrong, missing or swapped letter in a word of six; the default of 0.6 does not.
CREATE FUNCTION similar_packs(words text[]) RETURNS TABLE (pack_id uuid, score real) LANGUAGE sql STABLE
SET pg_trgm.word_similarity_threshold = 0.4
AS $$
    SELECT p.id, (SELECT avg(word_similarity(word, p.similar_text)) FROM unnest(words) AS word)::real
      FROM packs p
     WHERE p.visibility = 'public' AND words[1] <% p.similar_text
       AND NOT EXISTS (SELECT FROM unnest(words[2:]) AS word WHERE NOT word <% p.similar_text)
$$;
