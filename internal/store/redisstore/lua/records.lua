#!lua flags=no-writes
--#use network
-- Reads tasks.
--
-- KEYS[1] the network
-- ARGV[1] fields of the hash, comma-separated; or * for all
-- ARGV[2...] their numbers
-- returns the epoch and, for each task, the values of these fields; for * it
--   is fields and values, none if there is no such task
local err = open()
if err then return err end
local rows, T, first = {}, T, 1
if ARGV[1] == '*' then
  for i = 2, #ARGV do rows[i - 1] = call('HGETALL', T .. ARGV[i]) end
else
  local fields = {}
  for f in string.gmatch(ARGV[1], '%a') do fields[#fields + 1] = f end
  for i = 2, #ARGV do rows[i - 1] = call('HMGET', T .. ARGV[i], unpack(fields)) end
end
return cmsgpack.pack({N[EPOCH], rows})
