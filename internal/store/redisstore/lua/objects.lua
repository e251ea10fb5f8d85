#!lua flags=no-writes
--#use network
-- Reads objects.
--
-- KEYS[1] the network
-- ARGV[1] 1 to read the data of inline ones
-- ARGV[2] 1 to read the tags
-- ARGV[3...] their hashes; none: all
-- returns for each: hash, size, place (empty if there is no such object), path, when it was put, data, tags
local err = open()
if err then return err end
local hashes = {unpack(ARGV, 3, math.min(#ARGV, 7000))}
if #ARGV == 2 then
  hashes = call('SMEMBERS', P .. OBJECTS)
  table.sort(hashes)
end
local found = {}
for i, hash in ipairs(hashes) do
  local v = call('HMGET', P .. OBJECT .. hash, 's', 'l', 'f', 't')
  local data = ARGV[1] == '1' and call('HGET', P .. OBJECT .. hash, 'd')
  local tags = ARGV[2] == '1' and call('SMEMBERS', P .. HOLDERS .. hash) or {}
  found[i] = {hash, tonumber(v[1] or 0), v[2] or '', v[3] or '', tonumber(v[4] or 0), data, tags}
end
return cmsgpack.pack(found)
