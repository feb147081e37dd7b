-- Publish one article or one rejection, and settle its claim: all of it or nothing.
--
-- KEYS  1 stream   2 ledger of the article   3 outcome of the claim   4 blob   5 attempts
-- ARGV  1 content hash ('' for a rejection)   2 the version that the entry carries
--       3 lifetime of the ledger (s)   4 lifetime of the outcome (s)
--       5 the rejection as JSON ('' for an article)   6... the fields of the entry
--
-- Returns the outcome as JSON, or {"status":"conflict","version":n}: the article stands at version n, so the
-- entry must be made again for n + 1. The order (look up, add, remember) leans to a duplicate, never to a loss.
local stream, ledger, outcome, blob, attempts = unpack(KEYS)
local content, version = ARGV[1], tonumber(ARGV[2])

local settled = redis.call('GET', outcome)
if settled then
  redis.call('DEL', blob, attempts)
  return settled
end

local result
if content == '' then
  local entry = redis.call('XADD', stream, '*', unpack(ARGV, 6))
  result = {status = 'rejected', entry = entry, rejection = ARGV[5]}
else
  local earlier = redis.call('HGET', ledger, content)
  if earlier then
    local entry, of = earlier:match('^(%S+) (%d+)$')
    result = {status = 'duplicate', entry = entry, version = tonumber(of)}
  else
    local current = tonumber(redis.call('HGET', ledger, 'version') or '0')
    if version ~= current + 1 then
      return cjson.encode({status = 'conflict', version = current})
    end
    local entry = redis.call('XADD', stream, '*', unpack(ARGV, 6))
    redis.call('HSET', ledger, 'version', version, content, entry .. ' ' .. version)
    result = {status = 'published', entry = entry, version = version}
  end
  redis.call('EXPIRE', ledger, ARGV[3])
end

local json = cjson.encode(result)
redis.call('SET', outcome, json, 'EX', ARGV[4])
redis.call('DEL', blob, attempts)
return json
