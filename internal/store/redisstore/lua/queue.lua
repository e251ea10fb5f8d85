#!lua flags=no-writes
--#use network
-- Lists the tasks of a queue.
--
-- KEYS[1] the network
-- ARGV[1] the queue
-- returns their numbers, the next one first
local err = open()
if err then return err end
return cmsgpack.pack(call('LRANGE', T .. QUEUE .. ARGV[1], 0, -1))
