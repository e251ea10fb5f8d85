#!lua
--#use network workers tasks once
-- Queues ended tasks again.
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
    seen[n] = true
    local key = T .. n
    local h = call('HGET', key, 'h')
    if not h then return redis.error_reply('RUSHNOTASK ' .. n) end
    local task = t.parse(h)
    if task.s ~= 'f' and task.s ~= 'x' then return redis.error_reply('RUSHSTATE ' .. n) end
    if ARGV[2] ~= '1' and not t.retries_left(key, task.a) then return redis.error_reply('RUSHSTATE ' .. n) end
    chosen[#chosen + 1] = {n, key, task, ARGV[3 + count + i]}
  end
end
for _, c in ipairs(chosen) do t.leave(c[1], c[2], c[3]) end
for i = #chosen, 1, -1 do
  local n, key, task, seed = unpack(chosen[i])
  local r = call('HMGET', key, 'y', 'v', 'c')
  if seed ~= '' then call('HSET', key, 'g', seed) end
  t.requeue(n, key, task, r[1] or '', r[2] or '', r[3] or '', task.c + task.z, 0)
end
save()
return answer(ARGV[1], #chosen)
