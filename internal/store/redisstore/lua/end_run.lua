#!lua flags=allow-oom
--#use network run
-- Ends the run, if it is under way.
--
-- KEYS[1] the network
-- ARGV[1] its status
-- ARGV[2] the reason
-- returns the run
-- invariant: a stop request's status and reason win
local err = open()
if err then return err end
local v = call('HMGET', NET, 'rs', 're', 'ra', 'ss', 'sr')
if v[1] == 'running' then
  local status, reason = ARGV[1], ARGV[2]
  if N[STOPPED] == 1 then status, reason = v[4], v[5] end
  call('HSET', NET, 'rs', status, 'rr', reason, 're', string.format('%d', tonumber(v[2]) + clock() - v[3]), 'rz', string.format('%d', clock()))
end
return cmsgpack.pack(read_run())
