#!lua flags=allow-oom
--#use network make documents
-- Reads a document, or prepares to wait for it.
--
-- KEYS[1] the network
-- ARGV[1] 1 to create the network if there is none
-- ARGV[2] name
-- ARGV[3] who waits, or empty
-- returns a list with the body, or an empty one
-- invariant: who blocks misses no token
if ARGV[1] == '1' then make() end
local err = open()
if err then return err end
local body = call('HGET', P .. DOCUMENTS, ARGV[2])
if body then
  got_documents(ARGV[3])
  return cmsgpack.pack({body})
end
await_documents(ARGV[3])
return cmsgpack.pack({})
