#!lua flags=allow-oom
--#use network
-- Deletes some of the task hashes that a Reset or a Destroy left.
--
-- KEYS[1] the network, which may be gone
-- ARGV[1] how many at most
-- returns 1 while there is more to delete
-- invariant: an epoch stays in the trash until the last of its hashes is gone
local trash = P .. TRASH
local epoch = call('HKEYS', trash)[1]
if not epoch then return 0 end

local top = tonumber(call('HGET', trash, epoch))
local bottom = math.max(0, top - ARGV[1])
local keys = {}
for n = bottom, top - 1 do keys[#keys + 1] = P .. epoch .. ':' .. n end
for i = 1, #keys, 1000 do call('UNLINK', unpack(keys, i, math.min(i + 999, #keys))) end
if bottom > 0 then call('HSET', trash, epoch, bottom) else call('HDEL', trash, epoch) end
return call('EXISTS', trash)
