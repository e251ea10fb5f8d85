#!lua flags=allow-oom
--#use network workers tasks depend log messages ending once
-- Ends the workers whose heartbeat has lapsed.
--
-- KEYS[1] the network
-- ARGV[1] the call's nonce
-- ARGV[2] the condition of their tasks
-- ARGV[3] the worker for whom somebody sweeps, or empty
-- returns a list of the workers, each with the numbers of its tasks
-- invariant: each lost worker is in one answer
local err = open()
if err then return err end
local was = answered(ARGV[1])
if was then return was end
local at = clock()
if ARGV[3] ~= '' then
  at = tonumber(call('HGET', P .. WORKER .. ARGV[3], 'bt') or 0)
end
local lost = {}
for _, id in ipairs(by_registration(call('ZRANGEBYSCORE', P .. ALIVE, '-inf', string.format('%d', at)))) do
  lost[#lost + 1] = {id, end_worker(id, 'lost', 'its heartbeat lapsed', ARGV[2], '1')}
end
if #lost == 0 then return cmsgpack.pack(lost) end
workers().save()
save()
return answer(ARGV[1], lost)
