#!lua flags=no-writes
--#use network
-- Lists some of the tasks of a queue.
--
-- KEYS[1] the network
-- ARGV[1] the queue
-- ARGV[2] how many are left out at the front
-- ARGV[3] the place of the last one, from 0; -1 is that of the queue
-- returns their numbers, the next one first
local err = open()
if err then return err end
return cmsgpack.pack(call('LRANGE', T .. QUEUE .. ARGV[1], ARGV[2], ARGV[3]))
