#!lua
--#use network run once
-- Begins a leg of the run, or joins the one that is under way.
--
-- KEYS[1] the network
-- ARGV[1] the call's nonce
-- returns the run
-- invariant: elapsed counts every moment of a leg once
local err = open()
if err then return err end
local was = answered(ARGV[1])
if was then return was end

if N[STOPPED] == 1 then
  call('HDEL', NET, 'ss', 'sr')
  N[STOPPED] = 0
end
local v = call('HMGET', NET, 'rs', 're', 'ra')
local under_way = v[1] == 'running'
if not under_way or call('ZCOUNT', P .. ALIVE, '(' .. string.format('%d', clock()), '+inf') == 0 then
  local elapsed = tonumber(v[2] or 0)
  if under_way then elapsed = elapsed + math.max(0, N[SIGN] - v[3]) end
  call('HSET', NET, 'rs', 'running', 're', string.format('%d', elapsed), 'ra', string.format('%d', clock()))
  call('HDEL', NET, 'rr', 'rz')
end
save()
return answer(ARGV[1], read_run())
