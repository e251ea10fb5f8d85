#!lua flags=allow-oom
--#use network objects
-- Deletes all objects and tags.
--
-- KEYS[1] the network
-- returns 1
-- invariant: files that belonged to objects are in the trash
local err = open()
if err then return err end
objects().destroy()
return 1
