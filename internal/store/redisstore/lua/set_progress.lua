#!lua
--#use network
-- Keeps how far a running task is.
--
-- KEYS[1] the network
-- ARGV[1] number
-- ARGV[2] attempt, or 0 for the current one
-- ARGV[3] value, or empty to clear it
-- errors RUSHNOTASK number, RUSHSTATE number
-- invariant: it is the progress of an attempt that runs
local err = open()
if err then return err end
local key = T .. ARGV[1]
local was = call('HMGET', key, 'h', 'P')
if not was[1] then return redis.error_reply('RUSHNOTASK ' .. ARGV[1]) end
local state, attempt = string.match(was[1], '^(%a)(%d+)')
if state ~= 'r' or ARGV[2] ~= '0' and ARGV[2] ~= attempt then return redis.error_reply('RUSHSTATE ' .. ARGV[1]) end
if ARGV[3] == (was[2] or '') then return 0 end
if ARGV[3] == '' then call('HDEL', key, 'P') else call('HSET', key, 'P', ARGV[3]) end
if N[WAITERS] > 0 then
  waking().readers() -- who follows a task waits as a reader of the log does
  save()
end
return 1
