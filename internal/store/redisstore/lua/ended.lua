#!lua flags=allow-oom
--#use network
-- Reads a page of the log of endings, with the records.
--
-- KEYS[1] the network
-- ARGV[1] epoch and ARGV[2] offset of the cursor
-- ARGV[3] how many entries at most
-- ARGV[4] fields of the records as in records.lua, or empty
-- ARGV[5] the reader who would wait if there is nothing, or empty
-- returns the epoch, the offset of the first entry, the length of the log, 1
--   if the cursor was of another epoch, the entries, the records
-- invariant: a reader misses no token
local err = open()
if err then return err end
local offset, reset = tonumber(ARGV[2]), 0
if tonumber(ARGV[1]) ~= N[EPOCH] or offset > N[LOGGED] then offset, reset = 0, 1 end

local entries, rows = {}, {}
if offset < N[LOGGED] then
  entries = call('LRANGE', T .. LOG, offset, offset + ARGV[3] - 1)
elseif ARGV[5] ~= '' and reset == 0 then
  call('DEL', P .. WAKEREADER .. ARGV[5])
  N[WAITERS] = N[WAITERS] + call('SADD', P .. READERS, ARGV[5])
  save()
end

if ARGV[4] ~= '' then
  local T, sub = T, string.sub
  local fields = {}
  for f in string.gmatch(ARGV[4], '%a') do fields[#fields + 1] = f end
  for i = 1, #entries do
    local entry = entries[i]
    local kind, n = sub(entry, -1), sub(entry, 1, -2)
    if kind >= '5' then n = string.match(n, '%d+$') end
    if kind == '0' or kind == '5' then
      rows[i] = {} -- withdrawn
    elseif #fields == 0 then
      rows[i] = call('HGETALL', T .. n)
    else
      rows[i] = call('HMGET', T .. n, unpack(fields))
    end
  end
end
return cmsgpack.pack({N[EPOCH], offset, N[LOGGED], reset, entries, rows})
