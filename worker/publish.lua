-- Publish one article or one rejection, and settle its claim: all of it or nothing.
--
-- KEYS  1 stream   2 ledger of the article   3 outcome of the claim   4 blob   5 attempts   6 marker of the inbox
--       7 for a part of a file of several articles: the outcomes of the claim's parts. Then the claim is not settled
--         (settle.lua does that), only the part; and as this is progress, the claim's runs are counted anew.
-- ARGV  1 content hash ('' for a rejection)   2 the version that the entry carries
--       3 lifetime of the ledger (s)   4 lifetime of the outcome (s)
--       5 what else the outcome says, as JSON, of a part its number   6... the fields of the entry
--
-- Returns the outcome as JSON, or one of these, which change nothing:
--   {"status":"conflict","expected":n}  the entry must be made again for version n
--   {"status":"unmarked"}               the ledger was lost, and is not restored yet
-- The order (look up, add, remember) leans to a duplicate, never to a loss.
local stream, ledger, outcome, blob, attempts, marker, parts = unpack(KEYS)
local content, version = ARGV[1], tonumber(ARGV[2])

local settled = redis.call('GET', outcome)
if settled then
  redis.call('DEL', blob, attempts)
  return settled
end

local result = cjson.decode(ARGV[5])
local known = parts and redis.call('HGET', parts, result.number)
if known then
  return known
end
if content == '' then
  result.status = 'rejected'
  result.entry = redis.call('XADD', stream, '*', unpack(ARGV, 6))
else
  if redis.call('EXISTS', marker) == 0 then
    return '{"status":"unmarked"}'
  end
  local entry, of = string.match(redis.call('HGET', ledger, content) or '', '^(%S+) (%d+)$')
  if entry and entry ~= '-' then
    result.status, result.entry, result.version = 'duplicate', entry, tonumber(of)
  else
    local current = tonumber(redis.call('HGET', ledger, 'version') or '0')
    local expected = tonumber(of) or current + 1 -- a lost entry (-) comes again as the version that it was
    if version ~= expected then
      return cjson.encode({status = 'conflict', expected = expected})
    end
    result.status, result.version = 'published', version
    result.entry = redis.call('XADD', stream, '*', unpack(ARGV, 6))
    redis.call('HSET', ledger, 'version', math.max(version, current), content, result.entry .. ' ' .. version)
  end
  redis.call('EXPIRE', ledger, ARGV[3])
end

local json = cjson.encode(result)
if parts then
  redis.call('HSET', parts, result.number, json)
  redis.call('EXPIRE', parts, ARGV[4])
  redis.call('DEL', attempts)
else
  redis.call('SET', outcome, json, 'EX', ARGV[4])
  redis.call('DEL', blob, attempts)
end
return json
