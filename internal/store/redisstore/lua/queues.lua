#!lua flags=no-writes
--#use network
-- Lists the queues that have tasks.
--
-- KEYS[1] the network
-- returns names and lengths
local err = open()
if err then return err end
local queues = call('SMEMBERS', T .. QUEUES)
queues[#queues + 1] = ''
local found = {}
for _, queue in ipairs(queues) do
  local length = call('LLEN', T .. QUEUE .. queue)
  if length > 0 then
    found[#found + 1] = queue
    found[#found + 1] = length
  end
end
return cmsgpack.pack(found)
