#!lua flags=allow-oom
--#use network workers log
-- Leaves a signal for workers that are alive.
--
-- KEYS[1] the network
-- ARGV[1] the signal: TERMINATE or KILL, which is the larger
-- ARGV[2] 1 for all who are alive
-- ARGV[3...] else the workers
-- returns those that got it
-- invariant: a kill stays
local err = open()
if err then return err end
local ids, got, signal = {}, {}, tonumber(ARGV[1])
for i = 3, #ARGV do ids[#ids + 1] = ARGV[i] end
if ARGV[2] == '1' then ids = call('ZRANGE', P .. ALIVE, 0, -1) end
for _, id in ipairs(by_registration(ids)) do
  local memory = workers().get(id)
  if memory and memory.lives and signal >= memory.signal then
    if signal > memory.signal then log_event(id, 0, 'signaled', {signal = signal == KILL and 'kill' or 'terminate'}) end
    workers().change(id).signal = signal
    waking().token(P .. WAKEWORKER .. id)
    waking().token(P .. WAKESIGNAL .. id)
    got[#got + 1] = id
  end
end
workers().save()
return cmsgpack.pack(got)
