-- Settle the claim of a file of several articles, each of which has its outcome.
--
-- KEYS  1 outcome of the claim   2 blob   3 attempts   4 the outcomes of the claim's parts
-- ARGV  1 how many parts there are   2 the outcome as JSON   3 its lifetime (s)
--
-- Returns the outcome as JSON; false, having changed nothing, where not every part is known to have been published.
local outcome, blob, attempts, parts = unpack(KEYS)
local json = redis.call('GET', outcome)
if not json then
  if redis.call('HLEN', parts) ~= tonumber(ARGV[1]) then
    return false
  end
  json = ARGV[2]
  redis.call('SET', outcome, json, 'EX', ARGV[3])
end
redis.call('DEL', blob, attempts, parts)
return json
