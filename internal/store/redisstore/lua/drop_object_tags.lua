#!lua flags=allow-oom
--#use network objects once
-- Takes tags away, and deletes the objects that no tag holds then.
--
-- KEYS[1] the network
-- ARGV[1] the call's nonce
-- ARGV[2...] the tags
-- returns the hashes of the deleted objects
-- invariant: an object is there while a tag holds it
local err = open()
if err then return err end
local was = answered(ARGV[1])
if was then return was end
local deleted = {}
for i = 2, #ARGV do
  for _, hash in ipairs(objects().drop(ARGV[i])) do deleted[#deleted + 1] = hash end
end
return answer(ARGV[1], deleted)
