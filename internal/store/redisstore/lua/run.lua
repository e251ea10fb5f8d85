#!lua flags=no-writes
--#use network run
-- Reads the state of the run.
--
-- KEYS[1] the network
-- returns status, reason, elapsed, started, ended; times in µs
local err = open()
if err then return err end
return cmsgpack.pack(read_run())
