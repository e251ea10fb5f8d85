#!lua flags=allow-oom
--#use network messages
-- Deletes responses to a message.
--
-- KEYS[1] the network
-- ARGV[1] message
-- ARGV[2] 1 for all
-- ARGV[3...] else the workers
-- returns 1
-- invariant: a message is listed while it has responses, and in nobody's mail
--   who owes none
local err = open()
if err then return err end
local key = P .. RESPONSES .. ARGV[1]
local from, first = ARGV, 3
if ARGV[2] == '1' then from, first = call('HKEYS', key), 1 end
for i = first, #from do
  if call('HGET', key, from[i]) == '' then messages().take(from[i], tonumber(ARGV[1])) end
  call('HDEL', key, from[i])
end
if call('EXISTS', key) == 0 then call('ZREM', P .. MESSAGES, ARGV[1]) end
messages().wake(ARGV[1])
return 1
