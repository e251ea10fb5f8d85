#!lua
-- Gives a network another name.
--
-- KEYS[1] the registry
-- ARGV[1] the old name
-- ARGV[2] the new name
-- ARGV[3] an entry of the new name that may be replaced, because no network is
--         behind it; or empty
-- returns 1; errors RUSHNONE, RUSHEXISTS
-- invariant: an entry moves as a whole; a repeat finds that it has moved
local from, to = redis.call('HGET', KEYS[1], ARGV[1]), redis.call('HGET', KEYS[1], ARGV[2])
if not from then
  if to and string.match(to, ' (%S+)$') == ARGV[1] then return 1 end
  return redis.error_reply('RUSHNONE')
end
if to and to ~= ARGV[3] then return redis.error_reply('RUSHEXISTS') end
redis.call('HSET', KEYS[1], ARGV[2], string.match(from, '^%S+') .. ' ' .. ARGV[1])
redis.call('HDEL', KEYS[1], ARGV[1])
return 1
