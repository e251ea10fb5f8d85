#!lua flags=allow-oom
--#use network workers
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
memory.paused = ARGV[2] == 'paused'
workers().save()
call('HSET', P .. WORKER .. ARGV[1], 's', ARGV[2])
waking().token(P .. WAKEWORKER .. ARGV[1])
return 1
