-- Count the entries of a stream behind an id, and send none of them.
--
-- KEYS  1 the stream
-- ARGV  1 the id   2 how many are counted at most
--
-- Returns {how many there are, the last of them ('' where there is none)}.
local found = redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', ARGV[2])
return {#found, #found > 0 and found[#found][1] or ''}
