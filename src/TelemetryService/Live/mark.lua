-- Notes what the database has committed, so that the next beats need not ask it.
-- KEYS: one hash per server. ARGV: four per server: generation of the beat, 1 when it is online now, 0 when it is not, '' when nobody looked, slot on record or '', uptime or ''.
for i = 1, #KEYS do
  local a = (i - 1) * 4 + 1
  if ARGV[a + 1] == '1' and (redis.call('HGET', KEYS[i], 'gen') or '0') == ARGV[a] then
    redis.call('HSET', KEYS[i], 'up', 1)
  elseif ARGV[a + 1] == '0' then
    redis.call('HDEL', KEYS[i], 'up') -- at worst the next beat asks the database for nothing
  end
  if ARGV[a + 2] ~= '' then
    redis.call('HSET', KEYS[i], 'slot', ARGV[a + 2], 'uptime', ARGV[a + 3])
  end
end
return #KEYS
