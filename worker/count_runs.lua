-- Count that a worker begins on the files of a batch, but for those that are settled already.
--
-- KEYS  of each file: the outcome of its claim, the attempts of its claim
-- ARGV  1 whether the batch is of one file, 0 or 1   2 lifetime of the attempts (s)
for i = 1, #KEYS, 2 do
  local outcome, attempts = KEYS[i], KEYS[i + 1]
  if redis.call('EXISTS', outcome) == 0 then
    redis.call('HINCRBY', attempts, 'runs', 1)
    redis.call('HINCRBY', attempts, 'alone', ARGV[1])
    redis.call('EXPIRE', attempts, ARGV[2])
  end
end
