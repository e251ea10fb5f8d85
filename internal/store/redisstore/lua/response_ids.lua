#!lua flags=no-writes
--#use network
-- Lists the messages to which a worker has responded.
--
-- KEYS[1] the network
-- ARGV[1] worker
-- returns their numbers, ascending
local err = open()
if err then return err end
local ids = {}
for _, id in ipairs(call('ZRANGE', P .. MESSAGES, 0, -1)) do
  local response = call('HGET', P .. RESPONSES .. id, ARGV[1])
  if response and response ~= '' then ids[#ids + 1] = tonumber(id) end
end
return cmsgpack.pack(ids)
