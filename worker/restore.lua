-- Remember again that some content of an article was published, as the journal of an inbox tells.
--
-- KEYS  1 ledger of the article
-- ARGV  1 content hash   2 its version   3 its entry, or '-' where that is lost and must come again
--       4 the entry that was lost ('' where none was)   5 lifetime of the ledger (s)
--
-- What the ledger knows is newer and stays, unless it names the very entry that was lost.
local ledger = KEYS[1]
local content, version, entry, lost = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]

local known = string.match(redis.call('HGET', ledger, content) or '', '^(%S+)')
if not known or known == lost then
  redis.call('HSET', ledger, content, entry .. ' ' .. version)
end
if version > tonumber(redis.call('HGET', ledger, 'version') or '0') then
  redis.call('HSET', ledger, 'version', version)
end
redis.call('EXPIRE', ledger, ARGV[5])
