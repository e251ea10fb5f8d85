-- Objects and the tags that hold them. Uses network.

local objects_made
local function objects()
  if objects_made then return objects_made end
  local o = {}
  objects_made = o

  -- Splits a list of hashes: HASH,HASH,...
  function o.split(list)
    local hashes = {}
    for hash in string.gmatch(list, '[^,]+') do hashes[#hashes + 1] = hash end
    return hashes
  end

  -- Returns an error to be returned if one of a list is not there.
  function o.missing(list)
    for _, hash in ipairs(o.split(list)) do
      if call('SISMEMBER', P .. OBJECTS, hash) == 0 then return redis.error_reply('RUSHNOOBJECT ' .. hash) end
    end
  end

  -- Has a tag hold the objects of a list, which are there.
  function o.hold(tag, list)
    for _, hash in ipairs(o.split(list)) do
      call('SADD', P .. TAGGED .. tag, hash)
      call('SADD', P .. HOLDERS .. hash, tag)
      call('SADD', P .. OBJECTTAGS, tag)
    end
  end

  -- Has the task of a number hold the objects of a list.
  function o.hold_task(n, list) if list ~= '' then o.hold('task:' .. n, list) end end

  -- Puts the file of an object, if it is the network's own, into the trash.
  function o.discard(hash)
    local v = call('HMGET', P .. OBJECT .. hash, 'l', 'f')
    if v[1] == 'directory' then call('SADD', P .. OBJECTFILES, v[2]) end
  end

  -- Deletes an object that no tag holds.
  function o.delete(hash)
    o.discard(hash)
    call('UNLINK', P .. OBJECT .. hash, P .. HOLDERS .. hash)
    call('SREM', P .. OBJECTS, hash)
  end

  -- Takes a tag away. Returns the objects that were deleted.
  function o.drop(tag)
    local deleted = {}
    for _, hash in ipairs(call('SMEMBERS', P .. TAGGED .. tag)) do
      call('SREM', P .. HOLDERS .. hash, tag)
      if call('EXISTS', P .. HOLDERS .. hash) == 0 then
        o.delete(hash)
        deleted[#deleted + 1] = hash
      end
    end
    call('UNLINK', P .. TAGGED .. tag)
    call('SREM', P .. OBJECTTAGS, tag)
    return deleted
  end

  -- Takes the tags of all tasks away.
  function o.drop_tasks()
    for _, tag in ipairs(call('SMEMBERS', P .. OBJECTTAGS)) do
      if string.find(tag, '^task:%d+$') then o.drop(tag) end
    end
  end

  -- Deletes all objects and tags.
  function o.destroy()
    for _, hash in ipairs(call('SMEMBERS', P .. OBJECTS)) do o.delete(hash) end
    for _, tag in ipairs(call('SMEMBERS', P .. OBJECTTAGS)) do call('UNLINK', P .. TAGGED .. tag) end
    call('UNLINK', P .. OBJECTTAGS, P .. OBJECTS)
  end

  return o
end
