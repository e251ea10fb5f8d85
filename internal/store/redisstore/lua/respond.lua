#!lua
--#use network messages
-- Answers a message.
--
-- KEYS[1] the network
-- ARGV[1] worker
-- ARGV[2] message
-- ARGV[3] 1 if the response is an error; else 0
-- ARGV[4] the response
-- returns 1
-- invariant: the first response stays
local err = open()
if err then return err end
messages().respond(ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4])
messages().take(ARGV[1], tonumber(ARGV[2]))
return 1
