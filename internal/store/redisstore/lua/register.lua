#!lua
--#use network make workers log
-- Makes a worker alive.
--
-- KEYS[1] the network
-- ARGV[1] 1 to create the network if there is none
-- ARGV[2] worker
-- ARGV[3] PID@HOST
-- ARGV[4] what it says of itself
-- ARGV[5] its expiry in µs, or 0
-- ARGV[6] its state
-- returns 1, or 0 if it is registered already; errors RUSHEXISTS
-- invariant: one process has an id at a time
if ARGV[1] == '1' then make() end
local err = open()
if err then return err end
local key = P .. WORKER .. ARGV[2]
if call('ZSCORE', P .. ALIVE, ARGV[2]) then
  if call('HGET', key, 'p') == ARGV[3] then return 0 end
  return redis.error_reply('RUSHEXISTS')
end

local lapses = ARGV[5] == '0' and '+inf' or string.format('%d', clock() + ARGV[5])
local time = string.format('%d', clock())
workers().new(ARGV[2])
workers().change(ARGV[2]).paused = ARGV[6] == 'paused'
workers().save()
call('DEL', key, P .. WAKEWORKER .. ARGV[2], P .. WAKESIGNAL .. ARGV[2])
call('HSET', key, 's', ARGV[6], 'p', ARGV[3], 'i', ARGV[4], 'x', ARGV[5], 'rg', time, 'bt', time)
call('SREM', P .. GONE, ARGV[2])
call('ZADD', P .. ALIVE, lapses, ARGV[2])
workers().others()
call('ZADD', P .. WORKERS, call('HINCRBY', NET, 'wo', 1), ARGV[2])
local pid, host = string.match(ARGV[3], '^(%d+)@(.*)$')
log_event(ARGV[2], 0, 'registered', {pid = tonumber(pid), host = host})
N[SIGN] = clock()
save()
return 1
