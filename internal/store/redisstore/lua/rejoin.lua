#!lua
--#use network workers log
-- Makes a worker that was declared lost alive again.
--
-- KEYS[1] the network
-- ARGV[1] worker
-- returns 1, or 0 if it is alive; errors RUSHLOST worker
-- invariant: who has left, or was killed, stays away
local err = open()
if err then return err end
local key = P .. WORKER .. ARGV[1]
local memory = workers().get(ARGV[1])
if memory and memory.lives then return 0 end
local v = call('HMGET', key, 's', 'x', 'wp')
if not memory or v[1] ~= 'lost' then return redis.error_reply('RUSHLOST ' .. ARGV[1]) end

memory = workers().change(ARGV[1])
memory.lives, memory.nonce, memory.answer, memory.index, memory.waits = true, 0, '', '', 0
memory.paused = v[3] == '1'
workers().save()
local time = string.format('%d', clock())
call('HDEL', key, 'rs', 'en', 'wp')
call('HSET', key, 's', memory.paused and 'paused' or 'running', 'bt', time)
call('HINCRBY', key, 'rj', 1)
call('ZADD', P .. ALIVE, v[2] == '0' and '+inf' or string.format('%d', clock() + v[2]), ARGV[1])
workers().others()
if memory.signal > 0 then waking().token(P .. WAKESIGNAL .. ARGV[1]) end
log_event(ARGV[1], 0, 'rejoined', {})
N[SIGN] = clock()
save()
return 1
