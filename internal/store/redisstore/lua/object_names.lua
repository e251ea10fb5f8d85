#!lua flags=no-writes
--#use network
-- Lists the tags, and the files that are to be removed.
--
-- KEYS[1] the network
-- returns tags, files
local err = open()
if err then return err end
return cmsgpack.pack({call('SMEMBERS', P .. OBJECTTAGS), call('SMEMBERS', P .. OBJECTFILES)})
