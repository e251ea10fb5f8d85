-- The network's counters, loaded by open, changed in N, stored by save; and
-- waking those who wait for how they change.
--
-- Every call of a script makes the functions of the library anew, which takes
-- time for each. Hence what not every script needs is in tables that are made
-- when they are: waking() here, workers() and tasks() in files of their own.

local call, NET = redis.call, KEYS[1]
local P = string.sub(NET, 1, -4) -- the beginning of the network's keys
local T -- the same with the current epoch
local N -- the counters, an array; see keys.go
local was_logged, was_drained

-- The server's clock in µs since 1970; one moment in the whole script.
local now
local function clock()
  if not now then
    local t = call('TIME')
    now = t[1] * 1000000 + t[2]
  end
  return now
end

-- Is nothing running, held by a worker, or left to be popped by anybody?
local function is_drained()
  if N[RUNNING] > 0 or N[HELD] > 0 then return false end
  if N[LIMIT] <= 0 or N[TAKEN] < N[LIMIT] then return N[QUEUED] == 0 end
  return N[REQUEUED] == 0
end

-- Reads the counters; returns an error to be returned if that cannot be. A
-- network whose time is over is only there for who asks for any.
local function read(packed, any)
  if not packed then return redis.error_reply('RUSHNONE') end
  N = {struct.unpack(LAYOUT, packed)}
  if N[VERSION] ~= ACCEPTED then return redis.error_reply('RUSHSCHEMA ' .. N[VERSION]) end
  if N[EXPIRES] > 0 and not any and clock() >= N[EXPIRES] then return redis.error_reply('RUSHNONE') end
  T = P .. N[EPOCH] .. ':'
  was_logged, was_drained = N[LOGGED], is_drained()
end

local function open(any) return read(call('GET', P .. COUNTS), any) end

local waking_made
local function waking()
  if waking_made then return waking_made end
  local w = {}
  waking_made = w

  -- Leaves one token in a list that one waiter blocks on. It does not stay
  -- for long if nobody takes it.
  function w.token(list)
    call('DEL', list)
    call('RPUSH', list, 1)
    call('EXPIRE', list, TOKENLIFE)
  end

  -- Wakes as many waiting workers as a queue, which just got more, has tasks.
  function w.pushed(queue, length)
    local list = P .. WAKEQUEUE .. queue
    local missing = math.min(length, N[IDLERS], 1000) - call('LLEN', list)
    if missing <= 0 then return end
    local tokens = {}
    for i = 1, missing do tokens[i] = 1 end
    call('RPUSH', list, unpack(tokens))
    call('EXPIRE', list, TOKENLIFE)
  end

  -- Wakes all workers that wait, or only those that want to know of the
  -- network being drained.
  function w.idle(all)
    local last = all and '+inf' or 0
    for _, id in ipairs(call('ZRANGEBYSCORE', P .. IDLE, '-inf', last)) do w.token(P .. WAKEWORKER .. id) end
    N[IDLERS] = N[IDLERS] - call('ZREMRANGEBYSCORE', P .. IDLE, '-inf', last)
  end

  -- Wakes all who wait for endings.
  function w.readers()
    for _, id in ipairs(call('SMEMBERS', P .. READERS)) do w.token(P .. WAKEREADER .. id) end
    call('DEL', P .. READERS)
    N[WAITERS] = 0
  end

  return w
end

-- Wakes who waits for how the counters changed, and returns them as they are
-- stored. The last step of every script that changes something.
local function changed()
  if N[WAITERS] > 0 and N[LOGGED] ~= was_logged then waking().readers() end
  if N[IDLERS] > 0 and not was_drained and is_drained() then waking().idle(false) end
  N[CHANGES] = N[CHANGES] + 1
  return struct.pack(LAYOUT, unpack(N))
end

local function save() call('SET', P .. COUNTS, changed()) end
