#!lua flags=allow-oom
--#use network workers log
-- Says whether a worker takes tasks.
--
-- KEYS[1] the network
-- ARGV[1] worker
-- ARGV[2] its state: paused or running
-- returns 1; errors RUSHLOST worker
-- invariant: a worker that waits looks again
local err = open()
if err then return err end
local memory = workers().change(ARGV[1])
if not memory or not memory.lives then return redis.error_reply('RUSHLOST ' .. ARGV[1]) end
local pause = ARGV[2] == 'paused'
if pause ~= (memory.paused or false) then log_event(ARGV[1], 0, pause and 'paused' or 'resumed', {}) end
memory.paused = pause
workers().save()
call('HSET', P .. WORKER .. ARGV[1], 's', ARGV[2])
waking().token(P .. WAKEWORKER .. ARGV[1])
return 1
