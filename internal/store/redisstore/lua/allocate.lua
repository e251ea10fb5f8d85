#!lua
-- Finds the id of a network, or gives it one that no other network has.
--
-- KEYS[1] the registry
-- ARGV[1] the network's name
-- returns its id
-- invariant: no two names have the same id
local name = ARGV[1]
local known = redis.call('HGET', KEYS[1], name)
if known then return string.match(known, '^%S+') end

local used = {}
for _, value in ipairs(redis.call('HVALS', KEYS[1])) do used[string.match(value, '^%S+')] = true end
local id, i = name, 1
while used[id] do
  i = i + 1
  id = name .. '~' .. i
end
redis.call('HSET', KEYS[1], name, id)
return id
