-- See whether entries were trimmed before the group read them, and bring the group behind the gap.
--
-- KEYS  1 stream   ARGV  1 group
--
-- Some servers (Redis 7.0) would go on counting as if the trimmed entries were still to be read, so they are told.
--
-- Returns how many were; each is told to one member of the group only. A server before Redis 7 does not count, so 0.
local function fields(reply)
  local found = {}
  for i = 1, #reply, 2 do
    found[reply[i]] = reply[i + 1]
  end
  return found
end

local function before(id, other)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  local other_ms, other_seq = string.match(other, '^(%d+)-(%d+)$')
  if ms ~= other_ms then
    return #ms < #other_ms or (#ms == #other_ms and ms < other_ms)
  end
  return #seq < #other_seq or (#seq == #other_seq and seq < other_seq)
end

local stream = fields(redis.call('XINFO', 'STREAM', KEYS[1]))
local added = stream['entries-added']
if not added then
  return 0
end
for _, reply in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = fields(reply)
  if group.name == ARGV[1] then
    local first = stream['first-entry'] and stream['first-entry'][1] or stream['last-generated-id']
    local at, read, gone = group['last-delivered-id'], group['entries-read'], added - stream.length
    if before(at, first) or (stream.length == 0 and before(at, stream['last-generated-id'])) then
      local missed = read and math.max(gone - read, 0) or 0
      if missed > 0 or not read then
        redis.call('XGROUP', 'SETID', KEYS[1], ARGV[1], at, 'ENTRIESREAD', gone)
      end
      return missed
    end
    if not read and not before(at, stream['last-generated-id']) then
      redis.call('XGROUP', 'SETID', KEYS[1], ARGV[1], at, 'ENTRIESREAD', added)
    end
  end
end
return 0
