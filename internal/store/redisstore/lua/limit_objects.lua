#!lua
--#use network
-- Sets the limits of the object store, unless there are some.
--
-- KEYS[1] the network
-- ARGV[1] inline limit, ARGV[2] limit of values, ARGV[3] directory, ARGV[4] folder
-- returns the four that are set
-- invariant: the first writer wins
local err = open()
if err then return err end
local v = call('HMGET', NET, 'oi', 'ov', 'od', 'of')
if not v[1] then
  call('HSET', NET, 'oi', ARGV[1], 'ov', ARGV[2], 'od', ARGV[3], 'of', ARGV[4])
  v = ARGV
end
return cmsgpack.pack({tonumber(v[1]), tonumber(v[2]), v[3], v[4]})
