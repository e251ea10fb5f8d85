-- Messages to workers and their responses. Uses network.

local messages_made
local function messages()
  if messages_made then return messages_made end
  local m = {}
  messages_made = m

  -- Sends a message to workers that are alive; returns its number.
  function m.send(to, command, argument)
    local id = call('HINCRBY', NET, 'mo', 1)
    call('ZADD', P .. MESSAGES, id, id)
    local item = cmsgpack.pack(id, command, argument)
    for _, worker in ipairs(to) do
      call('HSET', P .. RESPONSES .. id, worker, '')
      call('RPUSH', P .. MAIL .. worker, item)
      waking().token(P .. WAKESIGNAL .. worker)
    end
    return id
  end

  -- Wakes those that wait for responses to a message.
  function m.wake(id)
    for _, reader in ipairs(call('SMEMBERS', P .. AWAITED .. id)) do waking().token(P .. WAKEREADER .. reader) end
    call('DEL', P .. AWAITED .. id)
  end

  -- Stores a worker's response, if it is pending.
  function m.respond(worker, id, failed, body)
    local key = P .. RESPONSES .. id
    if call('HGET', key, worker) ~= '' then return end
    call('HSET', key, worker, cmsgpack.pack(failed, clock(), body))
    m.wake(id)
  end

  -- Takes a message out of a worker's mail.
  function m.take(worker, id)
    for _, item in ipairs(call('LRANGE', P .. MAIL .. worker, 0, -1)) do
      if cmsgpack.unpack(item) == id then
        call('LREM', P .. MAIL .. worker, 1, item)
        return
      end
    end
  end

  -- Answers all that a worker has not answered, with an error.
  function m.close(worker, text)
    for _, item in ipairs(call('LRANGE', P .. MAIL .. worker, 0, -1)) do
      local id = cmsgpack.unpack(item)
      m.respond(worker, id, 1, cmsgpack.pack(text))
    end
    call('DEL', P .. MAIL .. worker)
  end

  -- Forgets all messages; who waits for responses learns of it.
  function m.drop()
    for _, id in ipairs(call('ZRANGE', P .. MESSAGES, 0, -1)) do
      m.wake(id)
      call('UNLINK', P .. RESPONSES .. id)
    end
    call('UNLINK', P .. MESSAGES)
  end

  return m
end
