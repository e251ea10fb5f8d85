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
local ids = ARGV[2] == '1' and call('ZRANGE', P .. ALIVE, 0, -1) or {unpack(ARGV, 3)}
local got = {}
for _, id in ipairs(ids) do
  local key = P .. WORKER .. id
  if call('ZSCORE', P .. ALIVE, id) and (ARGV[1] == 'kill' or call('HGET', key, 'g') ~= 'kill') then
    call('HSET', key, 'g', ARGV[1])
    token(P .. WAKEWORKER .. id)
    token(P .. WAKESIGNAL .. id)
    got[#got + 1] = id
  end
end
return cmsgpack.pack(got)
