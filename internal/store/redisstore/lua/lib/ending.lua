-- Taking workers out of the network. Uses network, wake, workers, tasks.

-- Gives the numbers that a worker holds back to the pool.
local function return_claims(worker)
  local claims = call('HGETALL', T .. CLAIMS)
  for i = 1, #claims, 2 do
    if claims[i + 1] == worker then
      call('HDEL', T .. CLAIMS, claims[i])
      call('ZADD', T .. POOL, claims[i], claims[i])
      N[HELD] = N[HELD] - 1
    end
  end
end

-- Ends a worker that is alive. Its tasks fail with the condition, or are
-- queued again if retry is true and they have retries left. Returns them.
local function end_worker(worker, state, reason, condition, retry)
  local tasks = seldom().numbers(running(worker))
  local again = {}
  R[worker], changed[worker] = '', true
  for _, n in ipairs(tasks) do
    local key = T .. n
    local r = call('HMGET', key, 'h', 'w', 'D')
    local t = r[1] and parse(r[1])
    if not t then -- the server was told to evict keys, and did
      N[RUNNING], N[DELETED] = N[RUNNING] - 1, N[DELETED] + 1
    else
      leave(n, key, t, r[2])
      if retry and seldom().retries_left(key, t.a) then
        again[#again + 1] = {n, key, t}
      else
        conclude(n, key, t, r[3], '', '', condition, '')
      end
    end
  end
  if #again > 0 then N[SIGN] = clock() end
  for i = #again, 1, -1 do -- the smallest comes to the very front
    local a = again[i]
    seldom().requeue(a[1], a[2], a[3], '', '', condition, clock())
  end

  local held = N[HELD]
  return_claims(worker)
  N[IDLERS] = N[IDLERS] - call('ZREM', P .. IDLE, worker)
  if N[HELD] ~= held then wake_idle(true) end

  call('ZREM', P .. ALIVE, worker)
  call('HSET', P .. WORKER .. worker, 's', state, 'rs', reason, 'en', string.format('%d', clock()))
  call('HDEL', P .. WORKER .. worker, 'g')
  -- Whoever still waits in its name learns of it.
  token(P .. WAKEWORKER .. worker)
  token(P .. WAKESIGNAL .. worker)
  return tasks
end
