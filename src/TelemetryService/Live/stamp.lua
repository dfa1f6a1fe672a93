-- Takes a batch of heartbeats into the live state, one atomic step for all of them.
-- KEYS[1]: sorted set of servers by last beat (ms). KEYS[2..]: one hash per beat.
-- ARGV[1..3]: shortest pause between beats, length of a burst, life of a hash, all in ms.
-- ARGV[4..]: six per beat: server id, time of the beat in ms, its 5-minute slot, players, player slots or '', 1 when it announces a stop.
-- Answers six whole numbers per beat: ms to wait when it was refused, else 0; 1 when the server is known to be online; the last slot on record;
-- uptime in tenths of a percent, -1 when unknown; generation; 1 when a later beat of the server was here before it.
local interval, window, life = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local answer = {}
for i = 2, #KEYS do
  local key, a = KEYS[i], 4 + (i - 2) * 6
  local now = tonumber(ARGV[a + 1])
  local state = redis.call('HMGET', key, 'due', 'up', 'slot', 'uptime', 'gen', 'seen')
  -- A stored time further ahead than a whole burst comes from a clock that was wrong.
  local before = math.max(math.min(tonumber(state[1]) or 0, now + window), now)
  local due = before + interval
  local wait = due - now - window
  -- A beat that took long to arrive, or that a replica kept during an outage: what it says of the server is out of date.
  local overtaken = now < (tonumber(state[6]) or 0)
  if wait > 0 and not overtaken and ARGV[a + 5] == '1' and redis.call('ZSCORE', KEYS[1], ARGV[a]) then
    due, wait = before, 0 -- a stop is taken however often the server beat before it; only one, since it leaves the set
  end
  local gen = tonumber(state[5]) or 0
  if wait > 0 then
    answer[#answer + 1] = wait
  else
    answer[#answer + 1] = 0
    if interval == 0 then due = tonumber(state[1]) or 0 end -- it was accepted before
    if overtaken then
      redis.call('HSET', key, 'due', due)
    else
      redis.call('HSET', key, 'due', due, 'seen', now, 'players', ARGV[a + 3], 'max', ARGV[a + 4])
      if ARGV[a + 5] == '1' then
        gen = gen + 1 -- whatever was decided about an earlier beat does not bring the server back
        redis.call('HSET', key, 'gen', gen)
        redis.call('HDEL', key, 'up')
        redis.call('ZREM', KEYS[1], ARGV[a])
      else
        redis.call('ZADD', KEYS[1], 'GT', now, ARGV[a])
      end
    end
    if tonumber(state[3]) ~= tonumber(ARGV[a + 2]) then redis.call('PEXPIRE', key, life) end -- once in a slot is enough
  end
  answer[#answer + 1] = state[2] == '1' and 1 or 0
  answer[#answer + 1] = tonumber(state[3]) or 0
  answer[#answer + 1] = state[4] and math.floor(state[4] * 10 + 0.5) or -1
  answer[#answer + 1] = gen
  answer[#answer + 1] = overtaken and 1 or 0
end
return answer
