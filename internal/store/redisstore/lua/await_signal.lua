#!lua flags=allow-oom
--#use network workers
-- Reads a worker's signal, and prepares to block if there is none.
--
-- KEYS[1] the network
-- ARGV[1] worker
-- returns its signal: 0 none, TERMINATE, KILL; errors RUSHLOST worker
-- invariant: who blocks misses no token
local err = open()
if err then return err end
local memory = workers().get(ARGV[1])
if not memory or not memory.lives then return redis.error_reply('RUSHLOST ' .. ARGV[1]) end
if memory.signal == 0 then call('DEL', P .. WAKESIGNAL .. ARGV[1]) end
return memory.signal
