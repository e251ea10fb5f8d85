#!lua flags=allow-oom
--#use network workers
-- Renews a worker's heartbeat.
--
-- KEYS[1] the network
-- ARGV[1] worker
-- returns its signal: 0 none, TERMINATE, KILL; errors RUSHLOST worker
local err = open()
if err then return err end
local key = P .. WORKER .. ARGV[1]
local memory, expiry = workers().get(ARGV[1]), call('HGET', key, 'x')
if not memory or not memory.lives then return redis.error_reply('RUSHLOST ' .. ARGV[1]) end
local time = string.format('%d', clock())
call('HSET', key, 'bt', time)
N[SIGN] = clock()
save()
if expiry ~= '0' then call('ZADD', P .. ALIVE, 'XX', string.format('%d', clock() + expiry), ARGV[1]) end
return memory.signal
