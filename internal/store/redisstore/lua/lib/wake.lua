-- Waking those who wait; see the keys of the tokens. Uses network.

-- Wakes as many waiting workers as a queue, which just got more, has tasks.
local function pushed(queue, length)
  if N[IDLERS] == 0 then return end
  local list = P .. WAKEQUEUE .. queue
  local missing = math.min(length, N[IDLERS], 1000) - call('LLEN', list)
  if missing <= 0 then return end
  local tokens = {}
  for i = 1, missing do tokens[i] = 1 end
  call('RPUSH', list, unpack(tokens))
  call('EXPIRE', list, TOKENLIFE)
end

-- Leaves one token in a list that one waiter blocks on. It does not stay for
-- long if nobody takes it.
local function token(list)
  call('DEL', list)
  call('RPUSH', list, 1)
  call('EXPIRE', list, TOKENLIFE)
end

-- Wakes all workers that wait, or only those that want to know of the network
-- being drained.
local function wake_idle(all)
  if N[IDLERS] == 0 then return end
  local last = all and '+inf' or 0
  for _, id in ipairs(call('ZRANGEBYSCORE', P .. IDLE, '-inf', last)) do token(P .. WAKEWORKER .. id) end
  N[IDLERS] = N[IDLERS] - call('ZREMRANGEBYSCORE', P .. IDLE, '-inf', last)
end

-- Stores the counters and wakes who waits for how they changed: readers for
-- endings, workers for the network being drained. The last step of every
-- script that changes something.
local function save()
  if N[WAITERS] > 0 and N[LOGGED] ~= was_logged then
    for _, id in ipairs(call('SMEMBERS', P .. READERS)) do token(P .. WAKEREADER .. id) end
    call('DEL', P .. READERS)
    N[WAITERS] = 0
  end
  if N[IDLERS] > 0 and not was_drained and is_drained() then wake_idle(false) end
  store()
end
