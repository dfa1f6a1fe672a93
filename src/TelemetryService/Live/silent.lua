-- Finds servers that were silent for too long. They stay in the set until the database has taken them offline: whoever takes over a sweep that broke
-- off finds them again. A beat that comes after this step goes the way of a first beat.
-- KEYS[1]: sorted set of servers by last beat (ms). ARGV: time in ms before which a server is silent, most servers to find, prefix of the hashes.
-- Answers two values per server: its id and the time of its last beat in ms; of one whose hash is lost the time since when it has been in the set.
local silent = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[2])
local answer = {}
for i = 1, #silent, 2 do
  local key = ARGV[3] .. silent[i]
  local seen = redis.call('HGET', key, 'seen')
  if seen then
    redis.call('HDEL', key, 'up')
    redis.call('HINCRBY', key, 'gen', 1)
  end
  answer[#answer + 1] = silent[i]
  answer[#answer + 1] = tonumber(seen or silent[i + 1])
end
return answer
