#!lua flags=no-writes
--#use network
-- Reads the workers.
--
-- KEYS[1] the network
-- returns for each, in the order of registration, its id, its hash and its memory
local err = open()
if err then return err end
local workers = {}
for _, id in ipairs(call('ZRANGE', P .. WORKERS, 0, -1)) do workers[#workers + 1] = {id, call('HGETALL', P .. WORKER .. id), call('GET', P .. MEMORY .. id)} end
return cmsgpack.pack(workers)
