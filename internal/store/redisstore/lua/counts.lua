#!lua flags=no-writes
--#use network run
-- Reads the counters and what a list of networks says.
--
-- KEYS[1] the network
-- returns deferred, queued, running, finished, failed, created, deleted,
--   claimed; when the network was created; the workers alive; when it expires; the run
local err = open()
if err then return err end
return cmsgpack.pack({
  N[DEFERREDS], N[QUEUED], N[RUNNING], N[FINISHED], N[FAILED], N[CREATED], N[DELETED], N[HELD],
  N[BORN], call('ZCARD', P .. ALIVE), N[EXPIRES], read_run(),
})
