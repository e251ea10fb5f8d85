#!lua flags=allow-oom
--#use network once
-- Deletes hashes.
--
-- KEYS[1] the network
-- ARGV[1] the call's nonce
-- ARGV[2...] their keys
-- returns how many there were
local err = open()
if err then return err end
local was = answered(ARGV[1])
if was then return was end
local deleted = 0
for i = 2, #ARGV do
  call('UNLINK', T .. HASH .. ARGV[i])
  deleted = deleted + call('SREM', T .. HASHES, ARGV[i])
end
return answer(ARGV[1], deleted)
