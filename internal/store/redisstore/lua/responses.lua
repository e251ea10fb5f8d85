#!lua flags=allow-oom
--#use network
-- Reads the responses to a message, and prepares to block if one is pending.
--
-- KEYS[1] the network
-- ARGV[1] message
-- ARGV[2] the reader who would wait, or empty
-- ARGV[3] 1 for all to whom it was sent
-- ARGV[4...] else the workers
-- returns workers and their responses, packed as in the hash, in turn; errors
--   RUSHNORESPONSE worker
-- invariant: a reader misses no token
local err = open()
if err then return err end
local key, found = P .. RESPONSES .. ARGV[1], {}
if ARGV[3] == '1' then
  found = call('HGETALL', key)
  if #found == 0 then return redis.error_reply('RUSHNORESPONSE') end
end
for i = 4, #ARGV do
  local response = call('HGET', key, ARGV[i])
  if not response then return redis.error_reply('RUSHNORESPONSE ' .. ARGV[i]) end
  found[#found + 1], found[#found + 2] = ARGV[i], response
end
if ARGV[2] ~= '' then
  for i = 2, #found, 2 do
    if found[i] == '' then
      call('DEL', P .. WAKEREADER .. ARGV[2])
      call('SADD', P .. AWAITED .. ARGV[1], ARGV[2])
      call('EXPIRE', P .. AWAITED .. ARGV[1], TOKENLIFE)
      break
    end
  end
end
return cmsgpack.pack(found)
