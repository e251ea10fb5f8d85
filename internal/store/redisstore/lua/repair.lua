#!lua flags=allow-oom
--#use network workers tasks depend objects repair recount once
-- Mends a network from the records of its tasks.
--
-- KEYS[1] the network
-- ARGV[1] the call's nonce
-- ARGV[2] the condition of tasks whose worker is not alive
-- ARGV[3] that of finished tasks without ys, ARGV[4] that of failed ones without one
-- returns sentences that say what was done
-- invariant: all invariants hold afterwards; a network in which they hold is not changed
local err = open()
if err then return err end
local was = answered(ARGV[1])
if was then return was end

repair_tasks(ARGV[3], ARGV[4])
local ids = repair_workers()
local orphans = repair_running(ids)
repair_queues()
repair_deferred()
repair_claims()
recount()
repair_log()
settle(orphans, ARGV[2])
repair_objects()
if #said == 0 then return answer(ARGV[1], said) end
workers().others()
workers().save()
save()
return answer(ARGV[1], said)
