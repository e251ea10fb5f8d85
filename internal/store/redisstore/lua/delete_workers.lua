#!lua flags=allow-oom
--#use network workers log once
-- Deletes workers that have ended.
--
-- KEYS[1] the network
-- ARGV[1] the call's nonce
-- ARGV[2] 1 for all that have ended
-- ARGV[3...] otherwise the workers
-- returns those that there were; errors RUSHALIVE worker
-- invariant: all are deleted or none; what is meant for them finds the shared queue
local err = open()
if err then return err end
local was = answered(ARGV[1])
if was then return was end

local ids = {}
if ARGV[2] == '1' then
  for _, id in ipairs(call('ZRANGE', P .. WORKERS, 0, -1)) do
    if not call('ZSCORE', P .. ALIVE, id) then ids[#ids + 1] = id end
  end
else
  ids = by_registration({unpack(ARGV, 3)})
  for _, id in ipairs(ids) do
    if call('ZSCORE', P .. ALIVE, id) then return redis.error_reply('RUSHALIVE ' .. id) end
  end
end
for _, id in ipairs(ids) do
  call('UNLINK', P .. WORKER .. id, P .. MEMORY .. id, P .. MAIL .. id)
  call('ZREM', P .. WORKERS, id)
  call('SADD', P .. GONE, id)
  log_event(id, 0, 'deleted', {})
end
save()
return answer(ARGV[1], ids)
