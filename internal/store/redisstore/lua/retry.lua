#!lua
--#use network workers tasks depend once
-- Queues ended tasks again. One that never started waits again for those that
-- it depends on.
--
-- KEYS[1] the network
-- ARGV[1] the call's nonce
-- ARGV[2] 1 to ignore the limit
-- ARGV[3] how many tasks; their numbers follow, and then the new seed of each,
--         or empty
-- returns how many; errors RUSHNOTASK number, RUSHSTATE number
-- invariant: all are retried or none
local err = open()
if err then return err end
local was = answered(ARGV[1])
if was then return was end

local count = tonumber(ARGV[3])
local t, chosen, seen = tasks(), {}, {}
for i = 1, count do
  local n = ARGV[3 + i]
  if not seen[n] then
    local key = T .. n
    local r = call('HMGET', key, 'h', 'd')
    if not r[1] then return redis.error_reply('RUSHNOTASK ' .. n) end
    local task = t.parse(r[1])
    if task.s ~= 'f' and task.s ~= 'x' then return redis.error_reply('RUSHSTATE ' .. n) end
    if ARGV[2] ~= '1' and not t.retries_left(key, task.a) then return redis.error_reply('RUSHSTATE ' .. n) end
    seen[n] = true
    chosen[#chosen + 1] = {n = n, key = key, task = task, was = task.s, seed = ARGV[3 + count + i], on = not t.taken(task) and r[2]}
  end
end

-- What would have to wait for one that stays failed, or is gone, cannot start.
for _, c in ipairs(chosen) do
  for on in string.gmatch(c.on or '', '%d+') do
    local s = seen[on] and 'q' or string.sub(call('HGET', T .. on, 'h') or '', 1, 1)
    if s == '' or s == 'x' then return redis.error_reply('RUSHSTATE ' .. c.n) end
  end
end

for _, c in ipairs(chosen) do t.leave(c.n, c.key, c.task) end
for _, c in ipairs(chosen) do
  local r = call('HMGET', c.key, 'y', 'v', 'c')
  if c.seed ~= '' then call('HSET', c.key, 'g', c.seed) end
  t.renew(c.key, c.task, r[1] or '', r[2] or '', r[3] or '', c.task.c + c.task.z, 0)
end
local failed = {}
for _, c in ipairs(chosen) do
  if c.was == 'f' then depends().withdraw(c.n) else failed[#failed + 1] = c.n end
end
for i = #chosen, 1, -1 do
  local c = chosen[i]
  local look = c.on and depends().look(c.on)
  if look and look.unfinished > 0 then
    depends().defer(c.n, c.key, c.task, look.unfinished)
  else
    t.to_front(c.n, c.task, t.queue(c.key))
  end
end
if call('EXISTS', T .. DEPENDENTS) == 1 then depends().revive(failed) end
save()
return answer(ARGV[1], #chosen)
