#!lua flags=allow-oom
--#use network
-- Takes files that were removed out of the trash.
--
-- KEYS[1] the network
-- ARGV[1...] their paths
-- returns 1
local err = open()
if err then return err end
for i = 1, #ARGV do call('SREM', P .. OBJECTFILES, ARGV[i]) end
return 1
