#!lua flags=allow-oom
--#use network wake workers tasks seldom once
-- Deletes tasks that do not run.
--
-- KEYS[1] the network
-- ARGV[1] the call's nonce
-- ARGV[2...] their numbers
-- returns how many there were; errors RUSHSTATE number
-- invariant: all are deleted or none; what was logged is withdrawn
local err = open()
if err then return err end
local was = answered(ARGV[1])
if was then return was end

local tasks, seen = {}, {}
for i = 2, #ARGV do
  local n = ARGV[i]
  if not seen[n] then
    seen[n] = true
    local r = call('HMGET', T .. n, 'h', 'D')
    local t = r[1] and parse(r[1])
    if t and t.s == 'r' then return redis.error_reply('RUSHSTATE ' .. n) end
    if t then tasks[#tasks + 1] = {n, t, r[2]} end
  end
end
for _, task in ipairs(tasks) do
  local n, t, dependents = unpack(task)
  -- One that waited for another of them may have failed meanwhile.
  t = parse(call('HGET', T .. n, 'h'))
  leave(n, T .. n, t)
  call('UNLINK', T .. n)
  N[DELETED] = N[DELETED] + 1
  if dependents then seldom().give_up(n, dependents) end
end
save()
return answer(ARGV[1], #tasks)
