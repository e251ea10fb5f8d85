#!lua flags=no-writes
--#use network
-- Reads the budget.
--
-- KEYS[1] the network
-- returns its limit and what is taken of it
local err = open()
if err then return err end
return cmsgpack.pack({N[LIMIT], N[TAKEN]})
