-- Taking workers out of the network. Uses network, workers, tasks, depend,
-- log, messages.

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

-- Moves what waits in a worker's own queue to the front of the shared one.
local function move_queue(worker)
  local own, shared = T .. QUEUE .. worker, T .. QUEUE
  local waiting = call('LRANGE', own, 0, -1)
  if #waiting == 0 then return end
  call('DEL', own)
  local batch = {}
  for i = #waiting, 1, -1 do -- the first comes to the very front
    call('HDEL', T .. waiting[i], 'q')
    batch[#batch + 1] = waiting[i]
    if #batch == 1000 or i == 1 then
      call('LPUSH', shared, unpack(batch))
      batch = {}
    end
  end
  if N[IDLERS] > 0 then waking().pushed('', call('LLEN', shared)) end
end

-- Ends a worker that is alive. Its tasks fail with the condition, or are
-- queued again if retry is '1' and they have retries left, or it is '2'. Returns them.
local function end_worker(worker, state, reason, condition, retry)
  local t, memory = tasks(), workers().change(worker)
  local ran = t.numbers(memory.index)
  if memory.paused then call('HSET', P .. WORKER .. worker, 'wp', 1) end -- for when it comes back
  memory.index, memory.lives, memory.paused, memory.waits = '', false, false, 0
  if state ~= 'lost' then memory.signal = 0 end -- a lost one may come back
  local again = {}
  for _, n in ipairs(ran) do
    local key = T .. n
    local r = call('HMGET', key, 'h', 'w')
    local task = r[1] and t.parse(r[1])
    if not task then -- the server was told to evict keys, and did
      N[RUNNING], N[DELETED] = N[RUNNING] - 1, N[DELETED] + 1
    else
      t.leave(n, key, task, r[2])
      if retry == '2' or retry == '1' and t.retries_left(key, task.a) then
        again[#again + 1] = {n, key, task}
      else
        t.conclude(n, key, task, '', '', condition, '')
      end
    end
  end
  move_queue(worker)
  if #again > 0 then N[SIGN] = clock() end
  for i = #again, 1, -1 do -- the smallest comes to the very front
    local a = again[i]
    t.requeue(a[1], a[2], a[3], '', '', condition, clock(), 0)
  end

  local held = N[HELD]
  return_claims(worker)
  N[IDLERS] = N[IDLERS] - call('ZREM', P .. IDLE, worker)
  if N[HELD] ~= held and N[IDLERS] > 0 then waking().idle(true) end

  messages().close(worker, 'the worker ended before it answered: ' .. reason)
  call('ZREM', P .. ALIVE, worker)
  workers().others()
  call('HSET', P .. WORKER .. worker, 's', state, 'rs', reason, 'en', string.format('%d', clock()))
  log_event(worker, state == 'terminated' and 0 or 4, state, {reason = reason})
  -- Whoever still waits in its name learns of it.
  waking().token(P .. WAKEWORKER .. worker)
  waking().token(P .. WAKESIGNAL .. worker)
  return ran
end
