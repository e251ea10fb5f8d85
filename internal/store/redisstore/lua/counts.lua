--#use network run
-- Reads the counters and what a list of networks says.
--
-- KEYS[1] the network
-- returns deferred, queued, running, finished, failed, created, deleted,
--   claimed; when the network was created; the workers alive; the run
local err = open()
if err then return err end
return cmsgpack.pack({
  N.df, N.qu, N.ru, N.fi, N.fa, N.nc, N.nd, N.cl,
  tonumber(call('HGET', NET, 'c')), call('ZCARD', P .. ALIVE), read_run(),
})
