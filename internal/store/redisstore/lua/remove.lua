#!lua flags=allow-oom
--#use network workers tasks depend once
-- Fails tasks that are queued.
--
-- KEYS[1] the network
-- ARGV[1] the call's nonce
-- ARGV[2...] a number and its condition, for each
-- returns a digit for each: 1 if it was removed
-- invariant: a task that is not queued stays as it is
local err = open()
if err then return err end
local was = answered(ARGV[1])
if was then return was end
local t, removed = tasks(), {}
for i = 2, #ARGV, 2 do
  local n, key = ARGV[i], T .. ARGV[i]
  local h = call('HGET', key, 'h')
  local task = h and t.parse(h)
  local queued = task and task.s == 'q'
  if queued then
    t.leave(n, key, task)
    t.conclude(n, key, task, '', '', ARGV[i + 1], '')
  end
  removed[#removed + 1] = queued and '1' or '0'
end
save()
return answer(ARGV[1], table.concat(removed))
