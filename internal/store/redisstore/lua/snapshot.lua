#!lua flags=no-writes
--#use network workers
-- Reads which tasks have not ended.
--
-- KEYS[1] the network
-- ARGV[1] which: d deferred, q queued, r running, any of them
-- returns epoch, length of the log, deferred, queued, running; lists
local err = open()
if err then return err end
local function wanted(s) return string.find(ARGV[1], s, 1, true) end

local deferred, queued, runs = {}, {}, {}
if wanted('d') then deferred = call('SMEMBERS', T .. DEFERRED) end
if wanted('q') then
  local queues = call('SMEMBERS', T .. QUEUES)
  table.sort(queues)
  queues[#queues + 1] = ''
  for _, queue in ipairs(queues) do
    queued[#queued + 1] = call('LRANGE', T .. QUEUE .. queue, 0, -1)
  end
end
if wanted('r') then
  for _, id in ipairs(call('ZRANGE', P .. ALIVE, 0, -1)) do runs[#runs + 1] = workers().get(id).index end
end
return cmsgpack.pack({N[EPOCH], N[LOGGED], deferred, queued, table.concat(runs)})
