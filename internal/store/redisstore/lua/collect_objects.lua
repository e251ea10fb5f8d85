#!lua flags=allow-oom
--#use network objects once
-- Deletes the objects that no tag holds.
--
-- KEYS[1] the network
-- ARGV[1] the call's nonce
-- ARGV[2] how long ago they must have been put, µs
-- returns their hashes
-- invariant: an object that a tag holds stays
local err = open()
if err then return err end
local was = answered(ARGV[1])
if was then return was end
local deleted = {}
for _, hash in ipairs(call('SMEMBERS', P .. OBJECTS)) do
  if call('EXISTS', P .. HOLDERS .. hash) == 0 and clock() - (call('HGET', P .. OBJECT .. hash, 't') or 0) >= tonumber(ARGV[2]) then
    objects().delete(hash)
    deleted[#deleted + 1] = hash
  end
end
return answer(ARGV[1], deleted)
