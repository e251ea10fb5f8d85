#!lua
--#use network once
-- Sets fields of hashes.
--
-- KEYS[1] the network
-- ARGV[1] the call's nonce
-- ARGV[2...] for each hash its key, how many fields, and these with their values
-- returns 1
-- invariant: a repeat does not replace what was stored after the call
local err = open()
if err then return err end
local was = answered(ARGV[1])
if was then return was end

local i = 2
while i <= #ARGV do
  local key, last = ARGV[i], i + 1 + 2 * ARGV[i + 1]
  call('SADD', T .. HASHES, key)
  for from = i + 2, last, 1000 do call('HSET', T .. HASH .. key, unpack(ARGV, from, math.min(from + 999, last))) end
  i = last + 1
end
return answer(ARGV[1], 1)
