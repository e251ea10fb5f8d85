-- What seldom happens to tasks. Uses network, wake, workers, tasks.

make_seldom = function()
  local rare = {}

  -- Was the task taken from the budget?
  function rare.taken(t) return t.k ~= '' or t.b ~= '' end

  -- Takes a task that does not run out of the state that it is in.
  function rare.leave(n, key, t)
    if t.s == 'q' then
      rare.dequeue(n, call('HGET', key, 'q') or '')
      N[QUEUED] = N[QUEUED] - 1
      if t.k ~= '' then N[REQUEUED] = N[REQUEUED] - 1 end
    elseif t.s == 'd' then
      call('SREM', T .. DEFERRED, n)
      N[DEFERREDS] = N[DEFERREDS] - 1
    else
      if t.s == 'f' then N[FINISHED] = N[FINISHED] - 1 else N[FAILED] = N[FAILED] - 1 end
      log(n, t.a, 0)
    end
  end

  -- Takes a task out of its queue, searching from the end that is likely
  -- nearer.
  function rare.dequeue(n, queue)
    local list = T .. QUEUE .. queue
    local first, last = call('LINDEX', list, 0), call('LINDEX', list, -1)
    local from_tail = first and math.abs(n - last) < math.abs(n - first)
    call('LREM', list, from_tail and -1 or 1, n)
  end

  -- Puts a task, which has left its state, at the front of its queue.
  function rare.to_front(n, t, queue)
    N[QUEUED] = N[QUEUED] + 1
    if t.k ~= '' then N[REQUEUED] = N[REQUEUED] + 1 end
    if queue ~= '' then call('SADD', T .. QUEUES, queue) end
    pushed(queue, call('LPUSH', T .. QUEUE .. queue, n))
  end

  -- Takes the first task of a queue that was taken from the budget before;
  -- nil if there is none.
  function rare.taken_before(list)
    for i = 0, call('LLEN', list), 100 do
      for _, n in ipairs(call('LRANGE', list, i, i + 99)) do
        local h = call('HGET', T .. n, 'h')
        if h and parse(h).k ~= '' then
          call('LREM', list, 1, n)
          return n
        end
      end
    end
  end

  -- Has a task's attempt retries left?
  function rare.retries_left(key, attempt) return attempt <= tonumber(call('HGET', key, 'm') or 0) end

  -- Queues a task, which has left its state, for its next attempt. This one
  -- ended with these outputs or this condition, and finished µs after 1970.
  function rare.requeue(n, key, t, ys, ys_extra, condition, finished)
    local r = call('HMGET', key, 'A', 'q', 'w')
    local started = t.b == '' and 0 or t.c + t.b
    local attempt = cmsgpack.pack({t.a, r[3] or '', ys, ys_extra, condition, started, finished})
    if rare.taken(t) then t.k = '!' end
    t.s, t.a, t.b, t.z = 'q', t.a + 1, '', ''
    call('HDEL', key, 'w', 'y', 'v', 'c')
    call('HSET', key, 'h', head(t), 'A', (r[1] or '') .. attempt)
    rare.to_front(n, t, r[2] or '')
  end

  -- The condition of a task that depends on another, as package wire encodes
  -- it.
  function rare.impossible(other)
    return '\130' .. cmsgpack.pack('class') .. cmsgpack.pack('impossible')
      .. cmsgpack.pack('message') .. cmsgpack.pack('it depends on task ' .. other .. ', which failed or was deleted')
  end

  -- Have all the tasks of a list finished? The last is asked first: often it
  -- is the last to finish.
  function rare.all_finished(list)
    local keys = {}
    for n in string.gmatch(list, '%d+') do keys[#keys + 1] = n end
    for i = #keys, 1, -1 do
      local h = call('HGET', T .. keys[i], 'h')
      if not h or string.sub(h, 1, 1) ~= 'f' then return false end
    end
    return true
  end

  -- Splits a list of numbers, and sorts it.
  function rare.numbers(list)
    local found = {}
    for n in string.gmatch(list, '%d+') do found[#found + 1] = tonumber(n) end
    table.sort(found)
    return found
  end

  -- Queues those tasks of a list that need not wait any more.
  function rare.release(list)
    local waiting = rare.numbers(list)
    for i = #waiting, 1, -1 do -- the smallest comes to the very front
      local n = waiting[i]
      local key = T .. n
      local r = call('HMGET', key, 'h', 'd', 'q')
      local t = r[1] and parse(r[1])
      if t and t.s == 'd' and rare.all_finished(r[2]) then
        rare.leave(n, key, t)
        t.s = 'q'
        call('HSET', key, 'h', head(t))
        rare.to_front(n, t, r[3] or '')
      end
    end
  end

  -- Fails the deferred tasks of a list, which depend on task n, and those
  -- that depend on them.
  function rare.give_up(n, list)
    local left = {{n, list}}
    while #left > 0 do
      local on = table.remove(left)
      for _, m in ipairs(rare.numbers(on[2])) do
        local key = T .. m
        local r = call('HMGET', key, 'h', 'D')
        local t = r[1] and parse(r[1])
        if t and t.s == 'd' then
          rare.leave(m, key, t)
          t.s, t.z = 'x', string.format('%d', clock() - t.c)
          call('HSET', key, 'h', head(t), 'c', rare.impossible(on[1]))
          N[FAILED] = N[FAILED] + 1
          log(m, t.a, 2)
          if r[2] then left[#left + 1] = {m, r[2]} end
        end
      end
    end
  end

  -- Says what became of a Done about an attempt that is over: it ended just
  -- so, or else the result is kept as late, once.
  function rare.too_late(key, t, attempt, ys, condition, retry, worker)
    local r = call('HMGET', key, 'y', 'c', 'A', 'B', 'w')
    local over = {cmsgpack.unpack(r[3] or '')}
    over[#over + 1] = {t.a, r[5] or '', r[1] or '', '', r[2] or '', t.b == '' and 0 or 1}
    for _, a in ipairs(over) do
      if a[1] == attempt then
        if worker == '' then worker = a[2] end
        if a[3] == ys and a[5] == condition then
          return retry and a[6] ~= 0 and rare.retries_left(key, attempt) and 1 or 0
        end
      end
    end
    for _, l in ipairs({cmsgpack.unpack(r[4] or '')}) do
      if l[1] == attempt and l[3] == ys and l[4] == condition then return 2 end
    end
    call('HSET', key, 'B', (r[4] or '') .. cmsgpack.pack({attempt, worker, ys, condition, clock()}))
    return 2
  end

  return rare
end
