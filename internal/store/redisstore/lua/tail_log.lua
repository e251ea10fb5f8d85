#!lua flags=no-writes
--#use network log
-- Reads the last entries of the log, or those before an entry.
--
-- KEYS[1] the network
-- ARGV[1] the offset before which to look; -1 is the log's end
-- ARGV[2] how many entries at most
-- ARGV[3] how many entries to look at, at most
-- ARGV[4] the filter; see lib/log.lua
-- returns the epoch, the offset of the first entry that was looked at, that of
--   the log's first one, the log's end, the entries, newest first
local err = open()
if err then return err end
local last, first = log_bounds()
local before = tonumber(ARGV[1])
if before < 0 then before = last end
local rows, offset = {}, before
local most = tonumber(ARGV[2])
if before > 0 and most > 0 then
  local match = log_filter(ARGV[4])
  for _, e in ipairs(call('XREVRANGE', T .. ENTRIES, '0-' .. string.format('%d', before), '-', 'COUNT', ARGV[3])) do
    if match(e[2]) then rows[#rows + 1] = log_row(e) end
    offset = tonumber(string.sub(e[1], 3)) - 1
    if #rows == most then break end
  end
end
return cmsgpack.pack({N[EPOCH], offset, first, last, rows})
