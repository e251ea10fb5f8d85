#!lua flags=allow-oom
-- Removes the hint that a network is due, unless it was renewed meanwhile.
--
-- KEYS[1] the networks with a time to live
-- ARGV[1] the id of the network
-- ARGV[2] when it was due, µs
-- returns how many hints were removed
local due = redis.call('ZSCORE', KEYS[1], ARGV[1])
if due and tonumber(due) == tonumber(ARGV[2]) then return redis.call('ZREM', KEYS[1], ARGV[1]) end
return 0
