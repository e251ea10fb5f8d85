#!lua flags=allow-oom
--#use network documents objects log messages
-- Deletes a network, but for the hashes of its tasks, which go to the trash, and
-- the folder of its objects, which is listed.
--
-- KEYS[1] the network
-- ARGV[1] 1 if only one whose time is over is meant
-- returns 1 if there was one; else 0
-- invariant: no verb finds the network afterwards; who waited in it is woken
if call('EXISTS', P .. COUNTS) == 0 then return 0 end
local err = open(true)
if err then return err end
if ARGV[1] == '1' and (N[EXPIRES] == 0 or clock() < N[EXPIRES]) then return 0 end

for _, id in ipairs(call('ZRANGE', P .. IDLE, 0, -1)) do waking().token(P .. WAKEWORKER .. id) end
for _, id in ipairs(call('SMEMBERS', P .. READERS)) do waking().token(P .. WAKEREADER .. id) end
for _, id in ipairs(call('ZRANGE', P .. ALIVE, 0, -1)) do waking().token(P .. WAKESIGNAL .. id) end
for _, id in ipairs(call('SMEMBERS', P .. ALIVEREADERS)) do waking().token(P .. WAKEALIVE .. id) end
wake_documents()
messages().drop()
for _, id in ipairs(call('ZRANGE', P .. WORKERS, 0, -1)) do call('UNLINK', P .. WORKER .. id, P .. MEMORY .. id, P .. MAIL .. id) end

local folder = call('HMGET', NET, 'od', 'of')
if folder[1] and folder[1] ~= '' then call('SADD', P .. OBJECTFOLDERS, folder[1] .. '/' .. folder[2]) end
objects().destroy()
call('UNLINK', P .. OBJECTFILES)
for _, queue in ipairs(call('SMEMBERS', T .. QUEUES)) do call('UNLINK', T .. QUEUE .. queue) end
for _, key in ipairs(call('SMEMBERS', T .. HASHES)) do call('UNLINK', T .. HASH .. key) end
call('UNLINK', T .. HASHES)
call('UNLINK', T .. QUEUE, T .. QUEUES, T .. LOG, T .. DEFERRED, T .. DEPENDENTS, T .. CLAIMS, T .. POOL, T .. ENTRIES)
log_wake()
if N[NEXT] > 0 then call('HSET', P .. TRASH, N[EPOCH], N[NEXT]) end
call('UNLINK', NET, P .. COUNTS, P .. WORKERS, P .. ALIVE, P .. ALIVEREADERS, P .. GONE, P .. IDLE, P .. READERS, P .. DOCUMENTS)
return 1
