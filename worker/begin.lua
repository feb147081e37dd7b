-- Look what is known of the files of a batch that a worker begins on; nothing is written, so nothing waits for the disk.
--
-- KEYS  of each file: the outcome of its claim, the attempts of its claim
-- ARGV  1 whether the batch is of one file, 0 or 1
--
-- Returns of each file: false where it is settled already; else how often a worker has begun on it and how often alone,
-- both with this time, which is still to be counted, and how the last run alone ended (reason, detail) and in which part.
local replies = {}
for i = 1, #KEYS, 2 do
  if redis.call('EXISTS', KEYS[i]) == 1 then
    replies[#replies + 1] = false
  else
    local known = redis.call('HMGET', KEYS[i + 1], 'runs', 'alone', 'reason', 'detail', 'part')
    local runs, alone = tonumber(known[1] or 0) + 1, tonumber(known[2] or 0) + tonumber(ARGV[1])
    replies[#replies + 1] = {runs, alone, known[3], known[4], known[5]}
  end
end
return replies
