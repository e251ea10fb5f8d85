#!lua flags=allow-oom
--#use network
-- Reads how far a task is, for somebody who may wait for more.
--
-- KEYS[1] the network
-- ARGV[1] number
-- ARGV[2] the reader who would wait, or empty
-- returns head and progress; errors RUSHNOTASK number
-- invariant: a reader misses no token
local err = open()
if err then return err end
local task = call('HMGET', T .. ARGV[1], 'h', 'P')
if not task[1] then return redis.error_reply('RUSHNOTASK ' .. ARGV[1]) end
if ARGV[2] ~= '' then
  call('DEL', P .. WAKEREADER .. ARGV[2])
  N[WAITERS] = N[WAITERS] + call('SADD', P .. READERS, ARGV[2])
  save()
end
return cmsgpack.pack({task[1], task[2] or ''})
