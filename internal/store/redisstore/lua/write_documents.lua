#!lua
--#use network make documents once
-- Stores and deletes documents.
--
-- KEYS[1] the network
-- ARGV[1] 1 to create the network if there is none
-- ARGV[2] the call's nonce
-- ARGV[3] how many to store
-- ARGV[4...] their names and bodies, then the names of those to delete
-- returns 1
-- invariant: who reads sees all of it or nothing
if ARGV[1] == '1' then make() end
local err = open()
if err then return err end
local was = answered(ARGV[2])
if was then return was end
local first = 4 + 2 * tonumber(ARGV[3])
for i = 4, first - 1, 2 do call('HSET', P .. DOCUMENTS, ARGV[i], ARGV[i + 1]) end
for i = first, #ARGV do call('HDEL', P .. DOCUMENTS, ARGV[i]) end
wake_documents()
return answer(ARGV[2], 1)
