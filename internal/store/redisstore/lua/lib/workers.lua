-- What changes of workers all the time: the memory of each is read once,
-- changed, and stored by save. Uses network.

local workers_made
local function workers()
  if workers_made then return workers_made end
  local w = {}
  workers_made = w
  local read, touched = {}, {}

  -- Reads a worker's memory; nil if there is no such worker. Its index is
  -- ,NUMBER,NUMBER, or nothing.
  function w.get(id)
    if read[id] == nil then
      local packed = call('GET', P .. MEMORY .. id)
      if not packed then return nil end
      local nonce, ended, busy, waits, lives, signal, length = struct.unpack(MEMORYHEAD, packed)
      read[id] = {
        nonce = nonce, ended = ended, busy = busy, waits = waits, lives = lives > 0, paused = lives == 2, signal = signal,
        index = string.sub(packed, MEMORYSIZE + 1, MEMORYSIZE + length),
        answer = string.sub(packed, MEMORYSIZE + length + 1),
      }
    end
    return read[id]
  end

  -- Was there a worker of this id that has ended, deleted or not?
  function w.ended(id)
    local m = w.get(id)
    if m then return not m.lives end
    return call('SISMEMBER', P .. GONE, id) == 1
  end

  -- Reads a worker's memory, which is going to be changed.
  function w.change(id)
    local m = w.get(id)
    if m then touched[id] = true end
    return m
  end

  function w.new(id)
    read[id] = {nonce = 0, ended = 0, busy = 0, waits = 0, lives = true, paused = false, signal = 0, index = '', answer = ''}
    touched[id] = true
  end

  function w.assign(id, n)
    local m = w.change(id)
    m.index = (m.index == '' and ',' or m.index) .. n .. ','
  end

  function w.unassign(id, n)
    local m = w.change(id)
    local i, j = string.find(m and m.index or '', ',' .. n .. ',', 1, true)
    if not i then return end
    m.index = string.sub(m.index, 1, i) .. string.sub(m.index, j + 1)
    if m.index == ',' then m.index = '' end
  end

  function w.pack(m)
    return struct.pack(MEMORYHEAD, m.nonce, m.ended, m.busy, m.waits, m.lives and (m.paused and 2 or 1) or 0, m.signal, #m.index)
      .. m.index .. m.answer
  end

  -- Wakes those who wait for others to be alive.
  function w.others()
    for _, id in ipairs(call('SMEMBERS', P .. ALIVEREADERS)) do waking().token(P .. WAKEALIVE .. id) end
    call('DEL', P .. ALIVEREADERS)
  end

  function w.save()
    for id in pairs(touched) do call('SET', P .. MEMORY .. id, w.pack(read[id])) end
  end

  return w
end
