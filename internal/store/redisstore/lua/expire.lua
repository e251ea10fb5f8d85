#!lua
--#use network
-- Says when a network is to be destroyed.
--
-- KEYS[1] the network
-- ARGV[1] in how many µs; 0 is never
-- returns when that is, µs
local err = open()
if err then return err end
N[EXPIRES] = ARGV[1] == '0' and 0 or clock() + ARGV[1]
save()
return N[EXPIRES]
