#!lua
--#use network workers tasks depend once
-- Finishes or fails tasks.
--
-- KEYS[1] the network
-- ARGV[1] the call's nonce, if a repeat would not be recognized; or empty
-- ARGV[2] how many Done, which follow; each as finish takes it
-- returns the outcomes, a digit for each
-- invariant: a task leaves a state only if it is in it
local err = open()
if err then return err end
if ARGV[1] ~= '' then
  local was = answered(ARGV[1])
  if was then return was end
end
local kinds = {}
for i = 1, tonumber(ARGV[2]) do kinds[i] = (tasks().finish(3 + 7 * (i - 1), '')) end
workers().save()
save()
local outcomes = table.concat(kinds)
if ARGV[1] ~= '' then return answer(ARGV[1], outcomes) end
return cmsgpack.pack(outcomes)
