#!lua flags=allow-oom
--#use network workers
-- Reads a worker's mail, and prepares to block if there is nothing new.
--
-- KEYS[1] the network
-- ARGV[1] worker
-- ARGV[2] the signal and ARGV[3] the message that were seen last
-- returns its signal: 0 none, TERMINATE, KILL; and the messages that are newer,
--   each packed as in the list; errors RUSHLOST worker
-- invariant: who blocks misses no token
local err = open()
if err then return err end
local memory = workers().get(ARGV[1])
if not memory or not memory.lives then return redis.error_reply('RUSHLOST ' .. ARGV[1]) end
local last, new = tonumber(ARGV[3]), {}
for _, item in ipairs(call('LRANGE', P .. MAIL .. ARGV[1], 0, -1)) do
  if cmsgpack.unpack(item) > last then new[#new + 1] = item end
end
if #new == 0 and memory.signal == tonumber(ARGV[2]) then call('DEL', P .. WAKESIGNAL .. ARGV[1]) end
return cmsgpack.pack({memory.signal, new})
