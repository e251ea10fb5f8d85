#!lua flags=allow-oom
--#use network log
-- Asks every worker to end.
--
-- KEYS[1] the network
-- ARGV[1] the status that the run will have
-- ARGV[2] the reason
-- returns 1 if this is the first request
-- invariant: the first request stays
local err = open()
if err then return err end
if N[STOPPED] == 1 then return 0 end
N[STOPPED] = 1
call('HSET', NET, 'ss', ARGV[1], 'sr', ARGV[2])
if N[IDLERS] > 0 then waking().idle(true) end
log_event('', 0, 'stop requested', {status = ARGV[1], reason = ARGV[2]})
save()
return 1
