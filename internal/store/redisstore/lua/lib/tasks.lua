-- Tasks passing from state to state. Uses network, workers, and depend, which
-- comes after it.

local depends -- in depend.lua
local tasks_made
local function tasks()
  if tasks_made then return tasks_made end
  local t = {}
  tasks_made = t

  -- Reads a head: state, attempt, ! if it was taken from the budget in an
  -- earlier attempt, created, started, ended; the last four stay strings.
  function t.parse(head)
    local s, a, k, c, b, z = string.match(head, '^(%a)(%d+)(!?) (%d+) (%-?%d*) (%-?%d*)$')
    return {s = s, a = tonumber(a), k = k, c = c, b = b, z = z}
  end

  function t.head(task) return task.s .. task.a .. task.k .. ' ' .. task.c .. ' ' .. task.b .. ' ' .. task.z end

  -- Was the task taken from the budget?
  function t.taken(task) return task.k ~= '' or task.b ~= '' end

  -- Appends to the log: 0 withdrawn, 1 finished, 2 failed.
  function t.log(n, attempt, kind)
    call('RPUSH', T .. LOG, attempt == 1 and n .. kind or attempt .. ':' .. n .. kind + 5)
    N[LOGGED] = N[LOGGED] + 1
  end

  -- Takes a task, run by worker if it runs, out of the state that it is in.
  function t.leave(n, key, task, worker)
    if task.s == 'r' then
      workers().unassign(worker, n)
      N[RUNNING] = N[RUNNING] - 1
    elseif task.s == 'q' then
      t.dequeue(n, call('HGET', key, 'q') or '')
      N[QUEUED] = N[QUEUED] - 1
      if task.k ~= '' then N[REQUEUED] = N[REQUEUED] - 1 end
    elseif task.s == 'd' then
      call('SREM', T .. DEFERRED, n)
      call('HDEL', key, 'n')
      N[DEFERREDS] = N[DEFERREDS] - 1
    else
      if task.s == 'f' then N[FINISHED] = N[FINISHED] - 1 else N[FAILED] = N[FAILED] - 1 end
      t.log(n, task.a, 0)
    end
  end

  -- Takes a task out of its queue, searching from the end that is likely
  -- nearer.
  function t.dequeue(n, queue)
    local list = T .. QUEUE .. queue
    local first, last = call('LINDEX', list, 0), call('LINDEX', list, -1)
    local from_tail = first and math.abs(n - last) < math.abs(n - first)
    call('LREM', list, from_tail and -1 or 1, n)
  end

  -- Takes the first task of a queue that was taken from the budget before;
  -- nil if there is none.
  function t.taken_before(list)
    for i = 0, call('LLEN', list), 100 do
      for _, n in ipairs(call('LRANGE', list, i, i + 99)) do
        local h = call('HGET', T .. n, 'h')
        if h and t.parse(h).k ~= '' then
          call('LREM', list, 1, n)
          return n
        end
      end
    end
  end

  -- The queue that a task is to wait in: its own or, if that is the one of a
  -- worker that has ended, from now on the shared one.
  function t.queue(key)
    local queue = call('HGET', key, 'q')
    if not queue then return '' end
    if not workers().ended(queue) then return queue end
    call('HDEL', key, 'q')
    return ''
  end

  -- Puts a task, which has left its state, at the front of its queue.
  function t.to_front(n, task, queue)
    N[QUEUED] = N[QUEUED] + 1
    if task.k ~= '' then N[REQUEUED] = N[REQUEUED] + 1 end
    if queue ~= '' then call('SADD', T .. QUEUES, queue) end
    local length = call('LPUSH', T .. QUEUE .. queue, n)
    if N[IDLERS] > 0 then waking().pushed(queue, length) end
  end

  -- Has a task's attempt retries left?
  function t.retries_left(key, attempt) return attempt <= tonumber(call('HGET', key, 'm') or 0) end

  -- Gives a task, which has left its state, its next attempt. This one ended
  -- with these outputs or this condition, and finished µs after 1970; retried
  -- is 1 if who ended it was told so. It is to be put into a queue.
  function t.renew(key, task, ys, ys_extra, condition, finished, retried)
    local r = call('HMGET', key, 'A', 'w', 'p', 'e', 'R')
    local started = task.b == '' and 0 or task.c + task.b
    local attempt = cmsgpack.pack({task.a, r[2] or '', ys, ys_extra, condition, started, finished, retried, r[5] or ''})
    if t.taken(task) then task.k = '!' end
    task.s, task.a, task.b, task.z = 'q', task.a + 1, '', ''
    call('HDEL', key, 'w', 'y', 'v', 'c', 'e', 'P', 'R')
    call('HSET', key, 'h', t.head(task), 'A', (r[1] or '') .. attempt)
    if r[4] then call('HSET', key, 'p', (r[3] or '') .. r[4]) end
  end

  -- Queues a task, which has left its state, for its next attempt; see renew.
  function t.requeue(n, key, task, ys, ys_extra, condition, finished, retried)
    t.renew(key, task, ys, ys_extra, condition, finished, retried)
    t.to_front(n, task, t.queue(key))
  end

  -- Ends a task, which has left its state. It failed if it has a condition.
  function t.conclude(n, key, task, ys, ys_extra, condition, spent)
    task.s, task.z = condition == '' and 'f' or 'x', string.format('%d', clock() - task.c)
    local set, i = {'h', t.head(task)}, 3
    if ys ~= '' or task.s == 'f' then set[i], set[i + 1], i = 'y', ys, i + 2 end
    if ys_extra ~= '' then set[i], set[i + 1], i = 'v', ys_extra, i + 2 end
    if condition ~= '' then set[i], set[i + 1], i = 'c', condition, i + 2 end
    if spent ~= '' then set[i], set[i + 1] = 'e', spent end
    call('HSET', key, unpack(set))
    local kind = task.s == 'f' and FINISHED or FAILED
    N[kind] = N[kind] + 1
    t.log(n, task.a, task.s == 'f' and 1 or 2)
    N[SIGN] = clock()
    if N[DEFERREDS] == 0 then return end
    if task.s == 'f' then depends().release(n) else depends().give_up(n) end
  end

  -- Applies the Done at ARGV[i] to i+6 (number, attempt, ys, ys_extra,
  -- condition, 1 to retry while there are retries left and 2 whatever is left,
  -- spent), which worker delivers. Returns its outcome (0 applied, 1 retried,
  -- 2 late, 3 not found) and, if the task ended, for how long it had run.
  function t.finish(i, worker)
    local n, attempt, ys, ys_extra, condition, retry, spent = unpack(ARGV, i, i + 6)
    local key = T .. n
    local r = call('HMGET', key, 'h', 'w')
    if not r[1] then return 3 end
    local task = t.parse(r[1])
    if condition == '' then retry = '0' end
    attempt = attempt == '0' and task.a or tonumber(attempt)
    if attempt ~= task.a or task.s == 'f' or task.s == 'x' then
      return t.too_late(key, task, attempt, ys, condition, worker)
    end
    local ran = 0
    if task.s == 'r' then ran = clock() - task.c - task.b end
    local again = task.s == 'r' and (retry == '2' or retry == '1' and t.retries_left(key, task.a))
    t.leave(n, key, task, r[2])
    if again then
      if spent ~= '' then call('HSET', key, 'e', spent) end
      N[SIGN] = clock()
      t.requeue(n, key, task, ys, ys_extra, condition, clock(), 1)
      return 1
    end
    t.conclude(n, key, task, ys, ys_extra, condition, spent)
    return 0, ran
  end

  -- Says what became of a Done about an attempt that is over: it ended or was
  -- retried just so, or else the result is kept as late, once.
  function t.too_late(key, task, attempt, ys, condition, worker)
    local r = call('HMGET', key, 'y', 'c', 'A', 'B', 'w')
    local over = {cmsgpack.unpack(r[3] or '')}
    over[#over + 1] = {task.a, r[5] or '', r[1] or '', '', r[2] or ''}
    for _, a in ipairs(over) do
      if a[1] == attempt then
        if worker == '' then worker = a[2] end
        if a[3] == ys and a[5] == condition then return a[8] or 0 end
      end
    end
    for _, l in ipairs({cmsgpack.unpack(r[4] or '')}) do
      if l[1] == attempt and l[3] == ys and l[4] == condition then return 2 end
    end
    call('HSET', key, 'B', (r[4] or '') .. cmsgpack.pack({attempt, worker, ys, condition, clock()}))
    return 2
  end

  -- Splits a list of numbers, and sorts it.
  function t.numbers(list)
    local found = {}
    for n in string.gmatch(list, '%d+') do found[#found + 1] = tonumber(n) end
    table.sort(found)
    return found
  end

  return t
end
