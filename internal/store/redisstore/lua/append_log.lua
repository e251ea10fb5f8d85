#!lua
--#use network log once
-- Appends entries to the log.
--
-- KEYS[1] the network
-- ARGV[1] the call's nonce
-- ARGV[2...] of each entry: µs since it happened, worker, task or -1, kind,
--   level, logger, message, attributes in MessagePack or empty
-- returns how many
-- invariant: a nonce appends once
local err = open()
if err then return err end
local was = answered(ARGV[1])
if was then return was end
for i = 2, #ARGV, 8 do
  log_entry(clock() - ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5], ARGV[i + 6], ARGV[i + 7])
end
log_wake()
return answer(ARGV[1], (#ARGV - 1) / 8)
