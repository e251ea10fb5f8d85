#!lua flags=allow-oom
--#use network make documents
-- Reads the definition, and prepares to wait if it has no new version.
--
-- KEYS[1] the network
-- ARGV[1] 1 to create the network if there is none
-- ARGV[2] the version that is known
-- ARGV[3] who waits, or empty
-- returns version, body, limit, reserved
-- invariant: who blocks misses no token
if ARGV[1] == '1' then make() end
local err = open()
if err then return err end
local v = call('HMGET', NET, 'dv', 'db')
local version = tonumber(v[1] or 0)
if version > tonumber(ARGV[2]) then got_documents(ARGV[3]) else await_documents(ARGV[3]) end
return cmsgpack.pack({version, v[2] or '', N[LIMIT], N[RESERVED]})
