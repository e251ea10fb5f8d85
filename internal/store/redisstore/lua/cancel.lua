#!lua
--#use network workers tasks depend messages once
-- Fails tasks that have not ended, and tells those that run them.
--
-- KEYS[1] the network
-- ARGV[1] the call's nonce
-- ARGV[2] the condition
-- ARGV[3...] their numbers
-- returns for each its number, the letter of its state before, its worker or
--   empty, and the message or 0; errors RUSHNOTASK number, RUSHENDED number state
-- invariant: all are cancelled or none
local err = open()
if err then return err end
local was = answered(ARGV[1])
if was then return was end

local t, chosen, seen = tasks(), {}, {}
for i = 3, #ARGV do
  local n = ARGV[i]
  if not seen[n] then
    seen[n] = true
    local r = call('HMGET', T .. n, 'h', 'w')
    if not r[1] then return redis.error_reply('RUSHNOTASK ' .. n) end
    local task = t.parse(r[1])
    if task.s == 'f' or task.s == 'x' then
      return redis.error_reply('RUSHENDED ' .. n .. (task.s == 'f' and ' finished' or ' failed'))
    end
    chosen[#chosen + 1] = {n, task.s, task.s == 'r' and r[2] or ''}
  end
end
local found = {}
for i, c in ipairs(chosen) do
  local n, worker, message = c[1], c[3], 0
  local key = T .. n
  local task = t.parse(call('HGET', key, 'h'))
  if task.s ~= 'x' then -- else it waited for another of them
    t.leave(n, key, task, worker)
    t.conclude(n, key, task, '', '', ARGV[2], '')
    if worker ~= '' then
      message = messages().send({worker}, 'CANCEL', cmsgpack.pack({tonumber(n), task.a, ARGV[2]}))
    end
  end
  found[i] = {tonumber(n), c[2], worker, message}
end
workers().save()
save()
return answer(ARGV[1], found)
