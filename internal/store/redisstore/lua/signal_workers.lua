#!lua flags=allow-oom
--#use network wake
-- Leaves a signal for workers that are alive.
--
-- KEYS[1] the network
-- ARGV[1] the signal
-- ARGV[2] 1 for all who are alive
-- ARGV[3...] else the workers
-- returns those that got it
-- invariant: a kill stays
local err = open()
if err then return err end
local ids, first = ARGV, 3
if ARGV[2] == '1' then ids, first = call('ZRANGE', P .. ALIVE, 0, -1), 1 end
local got = {}
for i = first, #ids do
  local id = ids[i]
  local key = P .. WORKER .. id
  if call('ZSCORE', P .. ALIVE, id) and (ARGV[1] == 'kill' or call('HGET', key, 'g') ~= 'kill') then
    call('HSET', key, 'g', ARGV[1])
    token(P .. WAKEWORKER .. id)
    token(P .. WAKESIGNAL .. id)
    got[#got + 1] = id
  end
end
return cmsgpack.pack(got)
