#!lua flags=allow-oom
--#use network workers
-- Reads a worker's signal, and prepares to block if there is none.
--
-- KEYS[1] the network
-- ARGV[1] worker
-- returns its signal, or empty; errors RUSHLOST worker
-- invariant: who blocks misses no token
local err = open()
if err then return err end
local w = call('HMGET', P .. WORKER .. ARGV[1], 's', 'g')
if not alive(w[1]) then return redis.error_reply('RUSHLOST ' .. ARGV[1]) end
if not w[2] then call('DEL', P .. WAKESIGNAL .. ARGV[1]) end
return cmsgpack.pack(w[2] or '')
