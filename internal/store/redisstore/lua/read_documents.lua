#!lua flags=no-writes
--#use network
-- Reads documents.
--
-- KEYS[1] the network
-- ARGV[1] what their names begin with
-- returns their names and bodies, in no order
local err = open()
if err then return err end
local all, found = call('HGETALL', P .. DOCUMENTS), {}
for i = 1, #all, 2 do
  if string.sub(all[i], 1, #ARGV[1]) == ARGV[1] then
    found[#found + 1], found[#found + 2] = all[i], all[i + 1]
  end
end
return cmsgpack.pack(found)
