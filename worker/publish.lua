-- Publish one article or one rejection, and settle its claim: all of it or nothing.
--
-- KEYS  1 stream   2 ledger of the article   3 outcome of the claim   4 blob   5 attempts   6 marker of the inbox
--       7 for a part of a file of several articles: the outcomes of the claim's parts. Then the claim is not settled
--         (settle.lua does that), only the part; and as this is progress, the claim's runs are counted anew.
--       last the streams of the topics that the article concerns, as many as argument 5 says
-- ARGV  1 content hash ('' for a rejection)   2 the version that the entry carries
--       3 lifetime of the ledger and of the outcome (s): for so long nothing is published twice
--       4 what else the outcome says, as JSON, of a part its number   5 how many topic streams there are
--       6... the fields of the entry
--
-- Returns the outcome as JSON, or one of these, which change nothing:
--   {"status":"conflict","expected":n}  the entry must be made again for version n
--   {"status":"unmarked"}               the ledger was lost, and is not restored yet
--   {"status":"obstructed","stream":s}  the key of a topic stream holds something else
-- The order (look up, add, remember) leans to a duplicate, never to a loss. A script is not rolled back, so what can
-- refuse an entry is looked for before anything is written; were a topic stream to refuse one still, the article is not
-- on the main stream yet, nor remembered. So that holds it once, and a topic stream at least once: a repetition after
-- such a refusal, and an entry that only the main stream lost, may double an event there, under the same ce_id.
local stream, ledger, outcome, blob, attempts, marker = unpack(KEYS, 1, 6)
local content, version, of_topics = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[5])
local parts = #KEYS - of_topics == 7 and KEYS[7]

local settled = redis.call('GET', outcome)
if settled then
  redis.call('DEL', blob, attempts)
  return settled
end

local result = cjson.decode(ARGV[4])
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
    for i = #KEYS - of_topics + 1, #KEYS do
      local kind = redis.call('TYPE', KEYS[i]).ok
      if kind ~= 'stream' and kind ~= 'none' then
        return cjson.encode({status = 'obstructed', stream = KEYS[i]})
      end
    end
    for i = #KEYS - of_topics + 1, #KEYS do
      redis.call('XADD', KEYS[i], '*', unpack(ARGV, 6))
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
  redis.call('EXPIRE', parts, ARGV[3])
  redis.call('DEL', attempts)
else
  redis.call('SET', outcome, json, 'EX', ARGV[3])
  redis.call('DEL', blob, attempts)
end
return json
