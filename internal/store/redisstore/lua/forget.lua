#!lua flags=allow-oom
-- Removes a network's name, if it still stands for that network.
--
-- KEYS[1] the registry
-- ARGV[1] the name
-- ARGV[2] the id
-- returns how many entries were removed
local value = redis.call('HGET', KEYS[1], ARGV[1])
if value and string.match(value, '^%S+') == ARGV[2] then return redis.call('HDEL', KEYS[1], ARGV[1]) end
return 0
