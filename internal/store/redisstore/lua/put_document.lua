#!lua
--#use network make documents once
-- Stores a document.
--
-- KEYS[1] the network
-- ARGV[1] 1 to create the network if there is none
-- ARGV[2] the call's nonce
-- ARGV[3] name
-- ARGV[4] body
-- ARGV[5] 1 to replace another one
-- returns 1; errors RUSHEXISTS
-- invariant: a repeat does not replace what was stored after the call
if ARGV[1] == '1' then make() end
local err = open()
if err then return err end
local was = answered(ARGV[2])
if was then return was end
local stored = call('HGET', P .. DOCUMENTS, ARGV[3])
if stored and stored ~= ARGV[4] and ARGV[5] ~= '1' then return redis.error_reply('RUSHEXISTS') end
if stored ~= ARGV[4] then
  call('HSET', P .. DOCUMENTS, ARGV[3], ARGV[4])
  wake_documents()
end
return answer(ARGV[2], 1)
