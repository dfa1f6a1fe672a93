-- Takes or renews the sweep's lease. KEYS[1]: the lease. ARGV: the asking replica, life in ms.
-- Answers the fence: greater for each new holder, the same for a renewal; 0 when another replica holds the lease.
local holder = redis.call('HGET', KEYS[1], 'holder')
if holder and holder ~= ARGV[1] then return 0 end
if not holder then
  local time = redis.call('TIME') -- not a counter: it would start anew when Redis loses its data
  redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'fence', time[1] * 1000000 + time[2])
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return tonumber(redis.call('HGET', KEYS[1], 'fence'))
