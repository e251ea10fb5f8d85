--#use network wake
-- Begins a new epoch. The hashes of the old one's tasks go to the trash.
--
-- KEYS[1] the network
-- ARGV[1] the call's nonce
-- ARGV[2] 1 to remove the workers, too
-- returns the new epoch
-- invariant: no verb finds anything of the old epoch afterwards
local err = open()
if err then return err end
local was = answered(ARGV[1])
if was then return was end

for _, queue in ipairs(call('SMEMBERS', T .. QUEUES)) do call('UNLINK', T .. QUEUE .. queue) end
call('UNLINK', T .. QUEUE, T .. QUEUES, T .. LOG, T .. DEFERRED, T .. CLAIMS, T .. POOL)
if N.nx > 0 then call('HSET', P .. TRASH, int(N.e), int(N.nx)) end

wake_idle(true)
wake_readers()
for _, id in ipairs(call('ZRANGE', P .. WORKERS, 0, -1)) do
  local key = P .. WORKER .. id
  if ARGV[2] == '1' then
    call('UNLINK', key)
    token(P .. WAKE_WORKER .. id)
    token(P .. WAKE_SIGNAL .. id)
  else
    call('HDEL', key, 'r')
  end
end
if ARGV[2] == '1' then call('UNLINK', P .. WORKERS, P .. ALIVE) end

local fresh = {e = N.e + 1, nx = N.R, L = N.L, R = N.R, iw = N.iw, rw = N.rw, ch = N.ch}
for i = 1, #COUNTERS do N[COUNTERS[i]] = fresh[COUNTERS[i]] or 0 end
call('HDEL', NET, 'rs', 'rr', 're', 'ra', 'rz', 'ss', 'sr')
save()
return answer(ARGV[1], N.e)
