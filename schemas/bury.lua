-- Move an entry that a group has pending to the group's dead letters: all of it or nothing, and once.
--
-- KEYS  1 stream   2 stream of dead letters   3 what its handlers said of it, a hash
-- ARGV  1 group   2 id of the entry   3... the fields of the dead letter
--
-- The order (look up, add, acknowledge) leans to a duplicate, never to a loss.
if #redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1) > 0 then
  redis.call('XADD', KEYS[2], '*', unpack(ARGV, 3))
  redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
  redis.call('HDEL', KEYS[3], ARGV[2])
end
return false
