#!lua
--#use network objects
-- Stores objects under a tag.
--
-- KEYS[1] the network
-- ARGV[1] the tag, or empty
-- ARGV[2] the number of the task whose tag it is, or -1
-- ARGV[3] how many objects, which follow: hash, size, place, path, data
-- returns for each: size, place, path, when it was put
-- errors RUSHNOTASK number
-- invariant: one record for each hash; a file that it does not name any more is in the trash
local err = open()
if err then return err end
if ARGV[2] ~= '-1' and call('EXISTS', T .. ARGV[2]) == 0 then return redis.error_reply('RUSHNOTASK ' .. ARGV[2]) end

local stored, put = {}, string.format('%d', clock())
for i = 4, 3 + 5 * ARGV[3], 5 do
  local hash, size, place, path, data = unpack(ARGV, i, i + 4)
  local key = P .. OBJECT .. hash
  local old = call('HMGET', key, 's', 'l', 'f')
  if old[1] and (old[2] ~= 'reference' or place == 'reference') then
    call('HSET', key, 't', put)
    size, place, path = old[1], old[2], old[3] or ''
  else
    call('UNLINK', key)
    call('HSET', key, 's', size, 'l', place, 't', put)
    if path ~= '' then call('HSET', key, 'f', path) end
    if place == 'inline' then call('HSET', key, 'd', data) end
    call('SADD', P .. OBJECTS, hash)
  end
  if ARGV[1] ~= '' then objects().hold(ARGV[1], hash) end
  stored[#stored + 1] = {tonumber(size), place, path, clock()}
end
return cmsgpack.pack(stored)
