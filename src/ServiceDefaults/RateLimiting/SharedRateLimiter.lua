-- One decision of the sliding window counter (WindowCount.cs has the rule): counts as many of the wanted permits as the limit has room for.
-- KEYS[1]: a hash of w, the window's number, c, the requests in it, p, those in the one before. ARGV: limit, window in ms, now in ms, permits wanted.
-- Answers {permits counted, window, current, previous, elapsed ms}.
local limit, length, now, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local window = math.floor(now / length)
local elapsed = now - window * length
local kept = redis.call('HMGET', KEYS[1], 'w', 'c', 'p')
local w, c, p = tonumber(kept[1] or -2), tonumber(kept[2] or 0), tonumber(kept[3] or 0)
if w == window + 1 then
  window, elapsed = w, 0 -- another process' clock is a little ahead: its window has begun
elseif w == window - 1 then
  c, p = 0, c
elseif w ~= window then
  c, p = 0, 0
end
local granted = math.min(wanted, math.floor(limit - c - p * (1 - elapsed / length)))
if granted < 1 then
  return {0, window, c, p, elapsed}
end
redis.call('HSET', KEYS[1], 'w', window, 'c', c + granted, 'p', p)
redis.call('PEXPIRE', KEYS[1], length * 2) -- after two windows it weighs nothing
return {granted, window, c + granted, p, elapsed}
