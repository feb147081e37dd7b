-- Count that a worker begins on the files of a batch.
--
-- KEYS  of each file: the outcome of its claim, the attempts of its claim
-- ARGV  1 whether the batch is of one file, 0 or 1   2 lifetime of the attempts (s)
--
-- Returns of each file: false where it is settled already, which counts no run; else how often a worker has begun on it
-- and how often alone, both with this time, and how the last run alone ended (reason, detail) and in which part.
local replies = {}
for i = 1, #KEYS, 2 do
  local outcome, attempts = KEYS[i], KEYS[i + 1]
  if redis.call('EXISTS', outcome) == 1 then
    replies[#replies + 1] = false
  else
    local runs = redis.call('HINCRBY', attempts, 'runs', 1)
    if ARGV[1] == '1' then
      redis.call('HINCRBY', attempts, 'alone', 1)
    end
    redis.call('EXPIRE', attempts, ARGV[2])
    local known = redis.call('HMGET', attempts, 'alone', 'reason', 'detail', 'part')
    replies[#replies + 1] = {runs, tonumber(known[1] or 0), known[2], known[3], known[4]}
  end
end
return replies
