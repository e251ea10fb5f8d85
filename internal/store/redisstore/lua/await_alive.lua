#!lua flags=allow-oom
--#use network workers log
-- Reads who is alive, and prepares to wait if those are the ones that were seen.
--
-- KEYS[1] the network
-- ARGV[1] who waits, or empty
-- ARGV[2...] the workers that were seen
-- returns the ids, in the order of registration
-- invariant: who blocks misses no token
local err = open()
if err then return err end
local alive = call('ZRANGE', P .. ALIVE, 0, -1)
local same = #alive == #ARGV - 1
for i = 2, #ARGV do same = same and call('ZSCORE', P .. ALIVE, ARGV[i]) end
if ARGV[1] ~= '' then
  if same then
    call('DEL', P .. WAKEALIVE .. ARGV[1])
    call('SADD', P .. ALIVEREADERS, ARGV[1])
  else
    call('SREM', P .. ALIVEREADERS, ARGV[1])
  end
end
return cmsgpack.pack(by_registration(alive))
