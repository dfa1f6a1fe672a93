-- Accents do not matter to who searches: "uberleben" finds "Überleben". The letters of each line lose theirs to those of the line with the same number below; marks that
-- stand for themselves (U+0300 to U+036F, as some keyboards and file systems write accents) are left out before. A fixed table, not an extension's file of rules: the
-- stored words must never depend on what is installed. Packs/PlainLetters.cs has the same table for what is looked for; a test compares the two. Text that is ASCII is left as it is: each letter would be compared with all of these.
CREATE FUNCTION plain_letters(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN octet_length(words) = length(words) THEN words ELSE replace(replace(replace(replace(translate(regexp_replace(words, '[\u0300-\u036f]', '', 'g'),
        'àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặƀḃḅḇçćĉċčḉðďđḋḍḏḑḓèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệḟĝğġģǧǵḡĥħȟḣḥḧḩḫẖìí'
        || 'îïĩīĭįıǐȉȋḭḯỉịĵǰķǩḱḳḵĺļľłḷḹḻḽḿṁṃñńņňŋǹṅṇṉṋòóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợṕṗŕŗřȑȓṙṛṝṟśŝ'
        || 'şšșṡṣṥṧṩţťŧțṫṭṯṱẗùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữựṽṿŵẁẃẅẇẉẘẋẍýÿŷȳẏẙỳỵỷỹźżžƶẑẓẕǣǽάέήΐίϊόΰϋύώё',
        'aaaaaaaaaaaaaaaaaaaaaaaaaaaaabbbbccccccddddddddeeeeeeeeeeeeeeeeeeeeeeeeefggggggghhhhhhhhhii'
        || 'iiiiiiiiiiiiiijjkkkkkllllllllmmmnnnnnnnnnnoooooooooooooooooooooooooooooooooooopprrrrrrrrrss'
        || 'sssssssstttttttttuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuvvwwwwwwwxxyyyyyyyyyyzzzzzzzææαεηιιιουυυωе'),
        'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss'), 'þ', 'th') END;

CREATE OR REPLACE FUNCTION search_words(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN regexp_replace(plain_letters(lower(words COLLATE "und-x-icu")) COLLATE "und-x-icu", '[^[:alnum:]]+', ' ', 'g');

-- What is stored is made anew where it may have changed. Each of the columns is named, so that all that is generated from one of them is.
UPDATE packs SET name = name, slug = slug, tags = tags, publisher_name = publisher_name, summary = summary, description = description
 WHERE octet_length(concat(name, publisher_name, joined(tags), summary, description)) > length(concat(name, publisher_name, joined(tags), summary, description));
