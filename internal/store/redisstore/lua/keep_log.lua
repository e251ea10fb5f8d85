#!lua flags=allow-oom
--#use network
-- Sets how many entries of the log are kept.
--
-- KEYS[1] the network
-- ARGV[1] how many, or 0 for the default
-- returns 1
local err = open()
if err then return err end
if ARGV[1] == '0' then call('HDEL', NET, 'lk') else call('HSET', NET, 'lk', ARGV[1]) end
call('XTRIM', T .. ENTRIES, 'MAXLEN', ARGV[1] == '0' and LOGKEEP or ARGV[1])
return 1
