#!lua
--#use network wake workers tasks seldom once
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
local tasks, seen = {}, {}
for i = 1, count do
  local n = ARGV[3 + i]
  if not seen[n] then
    seen[n] = true
    local key = T .. n
    local h = call('HGET', key, 'h')
    if not h then return redis.error_reply('RUSHNOTASK ' .. n) end
    local t = parse(h)
    if t.s ~= 'f' and t.s ~= 'x' then return redis.error_reply('RUSHSTATE ' .. n) end
    if ARGV[2] ~= '1' and not seldom().retries_left(key, t.a) then return redis.error_reply('RUSHSTATE ' .. n) end
    tasks[#tasks + 1] = {n, key, t, ARGV[3 + count + i]}
  end
end
for _, task in ipairs(tasks) do leave(task[1], task[2], task[3]) end
for i = #tasks, 1, -1 do
  local n, key, t, seed = unpack(tasks[i])
  local r = call('HMGET', key, 'y', 'v', 'c')
  if seed ~= '' then call('HSET', key, 'g', seed) end
  seldom().requeue(n, key, t, r[1] or '', r[2] or '', r[3] or '', t.c + t.z)
end
save()
return answer(ARGV[1], #tasks)
