#!lua flags=allow-oom
--#use network workers tasks depend objects once
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

local t, chosen, seen = tasks(), {}, {}
for i = 2, #ARGV do
  local n = ARGV[i]
  if not seen[n] then
    seen[n] = true
    local r = call('HMGET', T .. n, 'h', 'd')
    local task = r[1] and t.parse(r[1])
    if task and task.s == 'r' then return redis.error_reply('RUSHSTATE ' .. n) end
    if task then chosen[#chosen + 1] = {n, r[2]} end
  end
end
local tagged = call('EXISTS', P .. OBJECTTAGS) == 1
for _, c in ipairs(chosen) do
  local n, on = c[1], c[2]
  -- One that waited for another of them may have failed meanwhile.
  t.leave(n, T .. n, t.parse(call('HGET', T .. n, 'h')))
  call('UNLINK', T .. n)
  if tagged then objects().drop('task:' .. n) end
  N[DELETED] = N[DELETED] + 1
  if N[DEFERREDS] > 0 then depends().give_up(n) end
  depends().forget(n, on)
end
save()
return answer(ARGV[1], #chosen)
