--#use network wake
-- Deletes a network, but for the hashes of its tasks, which go to the trash.
--
-- KEYS[1] the network
-- returns 1 if there was one
-- invariant: no verb finds the network afterwards; who waited in it is woken
if call('EXISTS', NET) == 0 then return 0 end
local v = call('HMGET', NET, 'e', 'nx', 'R')
local T = P .. v[1] .. ':'

for _, id in ipairs(call('ZRANGE', P .. IDLE, 0, -1)) do token(P .. WAKE_WORKER .. id) end
for _, id in ipairs(call('SMEMBERS', P .. READERS)) do token(P .. WAKE_READER .. id) end
for _, id in ipairs(call('ZRANGE', P .. ALIVE, 0, -1)) do token(P .. WAKE_SIGNAL .. id) end
for _, id in ipairs(call('ZRANGE', P .. WORKERS, 0, -1)) do call('UNLINK', P .. WORKER .. id) end

for _, queue in ipairs(call('SMEMBERS', T .. QUEUES)) do call('UNLINK', T .. QUEUE .. queue) end
call('UNLINK', T .. QUEUE, T .. QUEUES, T .. LOG, T .. DEFERRED, T .. CLAIMS, T .. POOL)
call('HSET', P .. TRASH, v[1], math.max(tonumber(v[2]) or 0, tonumber(v[3]) or 0))
call('UNLINK', NET, P .. WORKERS, P .. ALIVE, P .. IDLE, P .. READERS)
return 1
