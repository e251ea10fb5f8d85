#!lua
--#use network make
-- Makes the counters of a network that lost them. Repair sets the others.
--
-- KEYS[1] the network
-- ARGV[1] its epoch
-- ARGV[2] its next number
-- returns 1, or 0 if it has counters
-- invariant: counters that are there stay
if call('EXISTS', P .. COUNTS) == 1 then return 0 end
make()
local err = open()
if err then return err end
N[EPOCH], N[NEXT] = math.max(N[EPOCH], tonumber(ARGV[1])), tonumber(ARGV[2])
save()
return 1
