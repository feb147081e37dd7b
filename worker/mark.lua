-- Say what an inbox's marker was, and renew it if it is as new as its keeper knows it.
--
-- KEYS  1 the marker: when it was last renewed, milliseconds of the server's clock
-- ARGV  1 when its keeper last saw it renewed
--
-- Returns {what it was (false where there is none), what it is now}. A marker that is older than known tells that
-- the server went back to an earlier state; it stays so until its keeper has seen to that and sets it anew.
local was = tonumber(redis.call('GET', KEYS[1]) or nil)
if not was or was < tonumber(ARGV[1]) then
  return {was or false, was or false}
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SET', KEYS[1], string.format('%.0f', now))
return {was, now}
