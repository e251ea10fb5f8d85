#!lua flags=allow-oom
--#use network log
-- Reads a page of the log.
--
-- KEYS[1] the network
-- ARGV[1] epoch and ARGV[2] offset of the cursor
-- ARGV[3] how many entries at most
-- ARGV[4] how many entries to look at, at most
-- ARGV[5] the filter; see lib/log.lua
-- ARGV[6] the reader who would wait if there is nothing, or empty
-- returns the epoch, the offset behind what was looked at, the log's end, how
--   many entries were dropped, 1 if the cursor was of another epoch, the entries
-- invariant: a reader misses no token
local err = open()
if err then return err end
local last, first = log_bounds()
local offset, reset = tonumber(ARGV[2]), 0
if tonumber(ARGV[1]) ~= N[EPOCH] or offset > last then offset, reset = 0, 1 end
local dropped = math.max(0, first - offset)
offset = offset + dropped

local rows = {}
if offset < last then
  local match, most = log_filter(ARGV[5]), tonumber(ARGV[3])
  for _, e in ipairs(call('XRANGE', T .. ENTRIES, '0-' .. string.format('%d', offset + 1), '+', 'COUNT', ARGV[4])) do
    if match(e[2]) then
      if #rows == most then break end
      rows[#rows + 1] = log_row(e)
    end
    offset = offset + 1
  end
end
if #rows == 0 and offset == last and reset == 0 and ARGV[6] ~= '' then
  call('DEL', P .. WAKELOG .. ARGV[6])
  call('SADD', P .. LOGREADERS, ARGV[6])
end
return cmsgpack.pack({N[EPOCH], offset, last, dropped, reset, rows})
