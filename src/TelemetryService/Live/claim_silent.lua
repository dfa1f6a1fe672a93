-- Takes servers that were silent for too long out of the live state. A beat that comes after this step goes the way of a first beat again.
-- KEYS[1]: sorted set of servers by last beat (ms). ARGV: time in ms before which a server is silent, most servers to take, prefix of the hashes.
-- Answers two values per server: its id and the time of its last beat in ms.
local silent = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[2])
local answer = {}
for i = 1, #silent, 2 do
  local key = ARGV[3] .. silent[i]
  local seen = redis.call('HGET', key, 'seen')
  redis.call('ZREM', KEYS[1], silent[i])
  if seen then
    redis.call('HDEL', key, 'up')
    redis.call('HINCRBY', key, 'gen', 1)
  end
  answer[#answer + 1] = silent[i]
  answer[#answer + 1] = seen or '0'
end
return answer
