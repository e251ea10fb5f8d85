#!lua
--#use network
-- Reserves a point for a task.
--
-- KEYS[1] the network
-- ARGV[1] the point
-- ARGV[2] the task's number
-- returns the number of the task that has the point then
-- invariant: a number has one point; a point belongs to a task, or to a number
--   that a worker claimed, or is anybody's
local err = open()
if err then return err end
local points, numbers, point, n = T .. HASH .. POINTS, T .. HASH .. NUMBERS, ARGV[1], ARGV[2]

local holder = call('HGET', points, point)
if holder == n then return tonumber(n) end
if holder then
  if call('EXISTS', T .. holder) == 1 or call('HEXISTS', T .. CLAIMS, holder) == 1 then return tonumber(holder) end
  call('HDEL', numbers, holder)
end
local before = call('HGET', numbers, n)
if before then call('HDEL', points, before) end
call('HSET', points, point, n)
call('HSET', numbers, n, point)
call('SADD', T .. HASHES, POINTS, NUMBERS)
return tonumber(n)
