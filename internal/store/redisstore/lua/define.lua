#!lua
--#use network make documents
-- Stores the definition of a network.
--
-- KEYS[1] the network
-- ARGV[1] 1 to create the network if there is none
-- ARGV[2] the version that is to be replaced
-- ARGV[3] body
-- ARGV[4] limit
-- ARGV[5] reserved numbers
-- returns the new version; errors RUSHCHANGED
-- invariant: one writer wins each version; automatic numbers are not reserved
if ARGV[1] == '1' then make() end
local err = open()
if err then return err end

local v = call('HMGET', NET, 'dv', 'db')
local version = tonumber(v[1] or 0)
local limit, reserved = tonumber(ARGV[4]), tonumber(ARGV[5])
if version > 0 and v[2] == ARGV[3] and N[LIMIT] == limit and N[RESERVED] == reserved then return version end
if version ~= tonumber(ARGV[2]) then return redis.error_reply('RUSHCHANGED ' .. version) end

call('HSET', NET, 'dv', version + 1, 'db', ARGV[3])
if N[LIMIT] ~= limit and N[IDLERS] > 0 then waking().idle(true) end
wake_documents()
N[LIMIT], N[RESERVED], N[NEXT] = limit, reserved, math.max(N[NEXT], reserved)
save()
return version + 1
