#!lua flags=allow-oom
--#use network workers objects log messages once
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
for _, key in ipairs(call('SMEMBERS', T .. HASHES)) do call('UNLINK', T .. HASH .. key) end
call('UNLINK', T .. HASHES)
call('UNLINK', T .. QUEUE, T .. QUEUES, T .. LOG, T .. DEFERRED, T .. DEPENDENTS, T .. CLAIMS, T .. POOL, T .. ENTRIES)
log_wake()
if N[NEXT] > 0 then call('HSET', P .. TRASH, N[EPOCH], N[NEXT]) end

objects().drop_tasks()

if N[IDLERS] > 0 then waking().idle(true) end
was_logged = -1 -- readers are to learn of it
for _, id in ipairs(call('ZRANGE', P .. WORKERS, 0, -1)) do
  if ARGV[2] == '1' then
    call('UNLINK', P .. WORKER .. id, P .. MEMORY .. id, P .. MAIL .. id)
    waking().token(P .. WAKEWORKER .. id)
    waking().token(P .. WAKESIGNAL .. id)
  else
    workers().change(id).index = ''
  end
end
workers().save()
if ARGV[2] == '1' then
  messages().drop()
  workers().others()
  call('UNLINK', P .. WORKERS, P .. ALIVE, P .. GONE)
end

for i = CREATED, SIGN do N[i] = 0 end
N[STOPPED] = 0
N[EPOCH], N[NEXT] = N[EPOCH] + 1, N[RESERVED]
call('HDEL', NET, 'rs', 'rr', 're', 'ra', 'rz', 'ss', 'sr')
save()
return answer(ARGV[1], N[EPOCH])
