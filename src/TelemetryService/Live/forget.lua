-- Takes servers out of the live set that the database has as offline now, unless they have beaten since they were found silent.
-- KEYS[1]: sorted set of servers by last beat (ms). ARGV: time in ms before which a server is silent, then the servers' ids.
for i = 2, #ARGV do
  local seen = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if seen and tonumber(seen) < tonumber(ARGV[1]) then redis.call('ZREM', KEYS[1], ARGV[i]) end
end
return #ARGV - 1
