-- Remove some of the oldest entries of a stream: those that are past their time or too many and that no consumer group
-- still needs, and whatever is beyond the cap. The newest entry always stays.
--
-- KEYS  1 the stream   2 a hash: of each stream the last entry that was removed
--       3 a hash: of each stream and group what was removed before the group was done with it
-- ARGV  1 days that entries are kept   2 entries that are kept at most ('' for any number)   3 the cap, in entries
--       4 how many are removed at most   5 seconds for which 3 is kept
--
-- Returns {how many were removed, {group, of them it had not read, of them it had not acknowledged}, ...}; nothing where
-- the key holds no stream.
local stream, trimmed, overruns = unpack(KEYS)
local days, cap, step, told = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local most = tonumber(ARGV[2]) or cap

if redis.call('TYPE', stream).ok ~= 'stream' then
  return {}
end

local function parsed(id)
  local ms, sequence = string.match(id, '^(%d+)-(%d+)$')
  return {tonumber(ms), tonumber(sequence)}
end

local function is_before(a, b)
  return a[1] < b[1] or a[1] == b[1] and a[2] < b[2]
end

local length = redis.call('XLEN', stream)
local now = tonumber(redis.call('TIME')[1])
local first = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]

local groups = {}
for _, told_of in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
  local of = {}
  for i = 1, #told_of, 2 do
    of[told_of[i]] = told_of[i + 1]
  end
  local group = {name = of.name, read = parsed(of['last-delivered-id']), unread = 0, unacknowledged = 0}
  -- Entries that are pending and no longer there hold back nothing.
  local pending = first and of.pending > 0 and redis.call('XPENDING', stream, of.name, first[1], '+', 1)[1]
  group.pending = pending and parsed(pending[1])
  table.insert(groups, group)
end

local function is_needed(id)
  for _, group in ipairs(groups) do
    if is_before(group.read, id) or group.pending and not is_before(id, group.pending) then
      return true
    end
  end
  return false
end

-- How many of the oldest entries can go, and the last of them.
local function removable(entries)
  local count, last = 0, nil
  for i, entry in ipairs(entries) do
    local left, id = length - i, parsed(entry[1])
    local due = left >= most or id[1] < (now - days * 86400) * 1000
    if left < 1 or not (left >= cap or due and not is_needed(id)) then
      break
    end
    for _, group in ipairs(groups) do
      group.unread = group.unread + (is_before(group.read, id) and 1 or 0)
    end
    count, last = i, entry[1]
  end
  return count, last
end

local count, last = 0, nil
if first and removable({first}) > 0 then -- mostly there is nothing to do, and then no more than one entry is read
  for _, group in ipairs(groups) do
    group.unread = 0
  end
  count, last = removable(redis.call('XRANGE', stream, '-', '+', 'COUNT', step))
end

local reply = {count}
for _, group in ipairs(groups) do
  if count > 0 and group.pending then
    group.unacknowledged = #redis.call('XPENDING', stream, group.name, first[1], last, step)
  end
  if group.unread + group.unacknowledged > 0 then
    local field = stream .. ' ' .. group.name
    local known = cjson.decode(redis.call('HGET', overruns, field) or '{}')
    if not known.at or known.at < now - told then
      known = {since = now, unread = 0, unacknowledged = 0}
    end
    known.at = now
    known.unread = known.unread + group.unread
    known.unacknowledged = known.unacknowledged + group.unacknowledged
    redis.call('HSET', overruns, field, cjson.encode(known)) -- before the entries go, so that none goes untold
    redis.call('EXPIRE', overruns, told)
  end
  table.insert(reply, {group.name, group.unread, group.unacknowledged})
end
if count > 0 then
  redis.call('HSET', trimmed, stream, last)
  redis.call('XTRIM', stream, 'MAXLEN', length - count)
end
return reply
