-- Waking those who wait; see the keys of the tokens. Uses network.

-- How long a token stays that nobody takes, in s.
local TOKEN_LIFE = 60

-- Leaves one token in a list that one waiter blocks on.
local function token(list)
  call('DEL', list)
  call('RPUSH', list, 1)
  call('EXPIRE', list, TOKEN_LIFE)
end

-- Wakes as many waiting workers as a queue, which just got more, has tasks.
local function pushed(queue, length)
  if N.iw == 0 then return end
  local list = P .. WAKE_QUEUE .. queue
  local missing = math.min(length, N.iw, 1000) - call('LLEN', list)
  if missing <= 0 then return end
  local tokens = {}
  for i = 1, missing do tokens[i] = 1 end
  call('RPUSH', list, unpack(tokens))
  call('EXPIRE', list, TOKEN_LIFE)
end

-- Wakes all workers that wait, or only those that want to know of the network
-- being drained.
local function wake_idle(all)
  if N.iw == 0 then return end
  local last = all and '+inf' or 0
  for _, id in ipairs(call('ZRANGEBYSCORE', P .. IDLE, '-inf', last)) do token(P .. WAKE_WORKER .. id) end
  N.iw = N.iw - call('ZREMRANGEBYSCORE', P .. IDLE, '-inf', last)
end

-- Wakes all who wait for endings.
local function wake_readers()
  if N.rw == 0 then return end
  for _, id in ipairs(call('SMEMBERS', P .. READERS)) do token(P .. WAKE_READER .. id) end
  call('DEL', P .. READERS)
  N.rw = 0
end

-- Stores what has changed of the counters, and wakes who waits for such a
-- change. The last step of every script that changes something.
local function save()
  if N.lg ~= before.lg then wake_readers() end
  if N.iw > 0 and is_drained(N) and not is_drained(before) then wake_idle(false) end
  local set, n = {}, 0
  for i = 1, #COUNTERS do
    local name = COUNTERS[i]
    if N[name] ~= before[name] then
      set[n + 1], set[n + 2] = name, N[name]
      n = n + 2
    end
  end
  if n > 0 then call('HSET', NET, 'ch', N.ch + 1, unpack(set)) end
end

-- The answer of an earlier call with this nonce, or nil.
local function answered(nonce)
  return call('GET', P .. ONCE .. nonce) or nil
end

-- Keeps the answer of a call for its repeat, and returns it.
local function answer(nonce, reply)
  local packed = cmsgpack.pack(reply)
  call('SET', P .. ONCE .. nonce, packed, 'EX', KEEP)
  return packed
end
