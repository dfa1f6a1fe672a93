-- How many bytes such an event has.
BEGIN;
\i bench/R8/events.sql
SELECT octet_length(body::text) FROM outbox WHERE entity = 'pack:bench-bus-' || :'round' || '-1';
ROLLBACK;
