#!lua flags=allow-oom
--#use network once
-- Deletes a document.
--
-- KEYS[1] the network
-- ARGV[1] the call's nonce
-- ARGV[2] name
-- returns 1 if there was one, else 0
local err = open()
if err then return err end
local was = answered(ARGV[1])
if was then return was end
return answer(ARGV[1], call('HDEL', P .. DOCUMENTS, ARGV[2]))
