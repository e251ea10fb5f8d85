#!lua flags=no-writes
--#use network workers
-- Reads a stretch of what the invariants speak of.
--
-- KEYS[1] the network
-- ARGV[1] the first number and ARGV[2] the number after the last; -1: to the end
-- returns the count of changes; the next number; for each task of the stretch
--   number, head, worker, whether it has ys, whether it has a condition; and,
--   if the stretch goes to the end, the rest of the audit
local err = open()
if err then return err end
local last = tonumber(ARGV[2])
if last < 0 or last > N[NEXT] then last = N[NEXT] end

local tasks, i = {}, 0
for n = tonumber(ARGV[1]), last - 1 do
  local r = call('HMGET', T .. n, 'h', 'w', 'y', 'c')
  if r[1] or call('EXISTS', T .. n) == 1 then
    tasks[i + 1], tasks[i + 2], tasks[i + 3], tasks[i + 4], tasks[i + 5] = n, r[1] or '', r[2] or '', r[3] ~= false, r[4] ~= false
    i = i + 5
  end
end
if last < N[NEXT] then return cmsgpack.pack({N[CHANGES], N[NEXT], tasks}) end

local queued = {}
for _, queue in ipairs(call('SMEMBERS', T .. QUEUES)) do
  if queue ~= '' then queued[#queued + 1] = call('LRANGE', T .. QUEUE .. queue, 0, -1) end
end
queued[#queued + 1] = call('LRANGE', T .. QUEUE, 0, -1)
local workers = {}
for _, id in ipairs(call('ZRANGE', P .. WORKERS, 0, -1)) do workers[#workers + 1] = {id, call('HGETALL', P .. WORKER .. id), call('GET', P .. MEMORY .. id)} end
return cmsgpack.pack({
  N[CHANGES], N[NEXT], tasks,
  call('SMEMBERS', T .. DEFERRED), queued, call('LRANGE', T .. LOG, 0, -1),
  {N[DEFERREDS], N[QUEUED], N[RUNNING], N[FINISHED], N[FAILED], N[CREATED], N[DELETED], N[HELD]}, workers,
  call('HGETALL', T .. CLAIMS), call('ZRANGE', T .. POOL, 0, -1), N[TAKEN], N[RESERVED],
})
