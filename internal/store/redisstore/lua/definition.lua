#!lua flags=no-writes
--#use network
-- Reads the definition.
--
-- KEYS[1] the network
-- returns version, body, limit, reserved
local err = open()
if err then return err end
local v = call('HMGET', NET, 'dv', 'db')
return cmsgpack.pack({tonumber(v[1] or 0), v[2] or '', N[LIMIT], N[RESERVED]})
