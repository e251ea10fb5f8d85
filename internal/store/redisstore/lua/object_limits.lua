#!lua flags=no-writes
--#use network
-- Reads the limits of the object store.
--
-- KEYS[1] the network
-- returns inline limit, limit of values, directory, folder
local err = open()
if err then return err end
local v = call('HMGET', NET, 'oi', 'ov', 'od', 'of')
return cmsgpack.pack({tonumber(v[1] or 0), tonumber(v[2] or 0), v[3] or '', v[4] or ''})
