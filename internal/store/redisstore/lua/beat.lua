#!lua flags=allow-oom
--#use network workers
-- Renews a worker's heartbeat.
--
-- KEYS[1] the network
-- ARGV[1] worker
-- returns its signal, or empty; errors RUSHLOST worker
local err = open()
if err then return err end
local key = P .. WORKER .. ARGV[1]
local w = call('HMGET', key, 's', 'x', 'g')
if not alive(w[1]) then return redis.error_reply('RUSHLOST ' .. ARGV[1]) end
local time = string.format('%d', clock())
call('HSET', key, 'bt', time)
N[SIGN] = clock()
store()
if w[2] ~= '0' then call('ZADD', P .. ALIVE, 'XX', string.format('%d', clock() + w[2]), ARGV[1]) end
return cmsgpack.pack(w[3] or '')
