#!lua flags=allow-oom
--#use network workers tasks depend log messages ending once
-- Takes a worker out of the network.
--
-- KEYS[1] the network
-- ARGV[1] the call's nonce
-- ARGV[2] worker
-- ARGV[3] its state and ARGV[4] the reason
-- ARGV[5] the condition of its tasks
-- ARGV[6] 1 to queue them again while they have retries left, 2 whatever is left
-- returns the numbers of its tasks
-- invariant: what it ran and claimed has found another place
local err = open()
if err then return err end
local was = answered(ARGV[1])
if was then return was end
if not call('ZSCORE', P .. ALIVE, ARGV[2]) then return cmsgpack.pack({}) end
local tasks = end_worker(ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6])
workers().save()
save()
return answer(ARGV[1], tasks)
