-- Tasks passing from state to state. Uses network, wake, workers.

-- What the log says of a task.
local WITHDRAWN, FINISHED, FAILED = 0, 1, 2
-- What became of a Done.
local APPLIED, RETRIED, LATE, NOT_FOUND = 0, 1, 2, 3

-- Reads a head; c, b and z (created, started, ended) stay strings.
local function parse(head)
  local s, a, k, c, b, z = string.match(head, '^(%a)(%d+)(!?) (%d+) (%-?%d*) (%-?%d*)$')
  return {s = s, a = tonumber(a), k = k, c = c, b = b, z = z}
end

local function head(t) return t.s .. t.a .. t.k .. ' ' .. t.c .. ' ' .. t.b .. ' ' .. t.z end

-- The time since a task was created.
local function since(t) return int(clock() - t.c) end

-- Was the task taken from the budget?
local function taken(t) return t.k ~= '' or t.b ~= '' end

local function log(n, attempt, kind)
  local entry = int(n * 4 + kind)
  if attempt ~= 1 then entry = entry .. ':' .. attempt end
  call('RPUSH', T .. LOG, entry)
  N.lg = N.lg + 1
end

-- Takes a task out of its queue, searching from the end that is likely nearer.
local function dequeue(n, queue)
  local list = T .. QUEUE .. queue
  local first, last = call('LINDEX', list, 0), call('LINDEX', list, -1)
  local from_tail = first and math.abs(n - last) < math.abs(n - first)
  call('LREM', list, from_tail and -1 or 1, n)
end

-- Takes a task out of the index of the state that it is in. Of the one that
-- it was in afterwards, the log tells.
local function leave(n, key, t)
  if t.s == 'r' then
    unassign(t.w, n)
    N.ru = N.ru - 1
  elseif t.s == 'q' then
    dequeue(n, call('HGET', key, 'q') or '')
    N.qu = N.qu - 1
    if t.k ~= '' then N.tq = N.tq - 1 end
  elseif t.s == 'd' then
    call('SREM', T .. DEFERRED, n)
    N.df = N.df - 1
  else
    if t.s == 'f' then N.fi = N.fi - 1 else N.fa = N.fa - 1 end
    log(n, t.a, WITHDRAWN)
  end
end

-- Puts a task, which has left its state, at the front of its queue.
local function to_front(n, t, queue)
  N.qu = N.qu + 1
  if t.k ~= '' then N.tq = N.tq + 1 end
  if queue ~= '' then call('SADD', T .. QUEUES, queue) end
  pushed(queue, call('LPUSH', T .. QUEUE .. queue, n))
end

-- Queues a task, which has left its state, for its next attempt. This one
-- ended with these outputs or this condition, and finished µs after 1970.
local function requeue(n, key, t, ys, ys_extra, condition, finished)
  local r = call('HMGET', key, 'A', 'q', 'w')
  local started = t.b == '' and 0 or t.c + t.b
  local attempt = cmsgpack.pack({t.a, r[3] or '', ys, ys_extra, condition, started, finished})
  if taken(t) then t.k = '!' end
  t.s, t.a, t.b, t.z = 'q', t.a + 1, '', ''
  call('HDEL', key, 'w', 'y', 'v', 'c')
  call('HSET', key, 'h', head(t), 'A', (r[1] or '') .. attempt)
  to_front(n, t, r[2] or '')
end

-- Has a task's attempt retries left?
local function retries_left(key, attempt) return attempt <= tonumber(call('HGET', key, 'm') or 0) end

-- The condition of a task that depends on another, as package wire encodes it.
local function impossible(other)
  return '\130' .. cmsgpack.pack('class') .. cmsgpack.pack('impossible')
    .. cmsgpack.pack('message') .. cmsgpack.pack('it depends on task ' .. other .. ', which failed or was deleted')
end

-- Have all the tasks of a list finished? The last is asked first: often it is
-- the last to finish.
local function all_finished(list)
  local keys = {}
  for n in string.gmatch(list, '%d+') do keys[#keys + 1] = n end
  for i = #keys, 1, -1 do
    local h = call('HGET', T .. keys[i], 'h')
    if not h or string.sub(h, 1, 1) ~= 'f' then return false end
  end
  return true
end

-- Splits a list of numbers, and sorts it.
local function numbers(list)
  local found = {}
  for n in string.gmatch(list, '%d+') do found[#found + 1] = tonumber(n) end
  table.sort(found)
  return found
end

-- Queues those tasks of a list that need not wait any more.
local function release(list)
  local waiting = numbers(list)
  for i = #waiting, 1, -1 do -- the smallest comes to the very front
    local n = waiting[i]
    local key = T .. n
    local r = call('HMGET', key, 'h', 'd', 'q')
    local t = r[1] and parse(r[1])
    if t and t.s == 'd' and all_finished(r[2]) then
      leave(n, key, t)
      t.s = 'q'
      call('HSET', key, 'h', head(t))
      to_front(n, t, r[3] or '')
    end
  end
end

-- Fails the deferred tasks of a list, which depend on task n, and those that
-- depend on them.
local function give_up(n, list)
  local left = {{n, list}}
  while #left > 0 do
    local on = table.remove(left)
    for _, m in ipairs(numbers(on[2])) do
      local key = T .. m
      local r = call('HMGET', key, 'h', 'D')
      local t = r[1] and parse(r[1])
      if t and t.s == 'd' then
        leave(m, key, t)
        t.s, t.z = 'x', since(t)
        call('HSET', key, 'h', head(t), 'c', impossible(on[1]))
        N.fa = N.fa + 1
        log(m, t.a, FAILED)
        if r[2] then left[#left + 1] = {m, r[2]} end
      end
    end
  end
end

-- Ends a task, which has left its state; D is the list of those that wait for
-- it. It failed if it has a condition.
local function conclude(n, key, t, D, ys, ys_extra, condition, spent)
  t.s, t.z = condition == '' and 'f' or 'x', since(t)
  local set, i = {'h', head(t)}, 3
  if ys ~= '' or t.s == 'f' then set[i], set[i + 1], i = 'y', ys, i + 2 end
  if ys_extra ~= '' then set[i], set[i + 1], i = 'v', ys_extra, i + 2 end
  if condition ~= '' then set[i], set[i + 1], i = 'c', condition, i + 2 end
  if spent ~= '' then set[i], set[i + 1] = 'e', spent end
  call('HSET', key, unpack(set))
  if t.s == 'f' then
    N.fi = N.fi + 1
    log(n, t.a, FINISHED)
  else
    N.fa = N.fa + 1
    log(n, t.a, FAILED)
  end
  N.la = clock()
  if not D then return end
  if t.s == 'f' then release(D) else give_up(n, D) end
end

-- Says what became of a Done about an attempt that is over: it ended just so,
-- or else the result is kept as late, once.
local function too_late(key, t, attempt, ys, condition, retry, worker)
  local r = call('HMGET', key, 'y', 'c', 'A', 'B', 'w')
  local over = {cmsgpack.unpack(r[3] or '')}
  over[#over + 1] = {t.a, r[5] or '', r[1] or '', '', r[2] or '', t.b == '' and 0 or 1}
  for _, a in ipairs(over) do
    if a[1] == attempt then
      if worker == '' then worker = a[2] end
      if a[3] == ys and a[5] == condition then
        return retry and a[6] ~= 0 and retries_left(key, attempt) and RETRIED or APPLIED
      end
    end
  end
  for _, l in ipairs({cmsgpack.unpack(r[4] or '')}) do
    if l[1] == attempt and l[3] == ys and l[4] == condition then return LATE end
  end
  call('HSET', key, 'B', (r[4] or '') .. cmsgpack.pack({attempt, worker, ys, condition, clock()}))
  return LATE
end

-- Applies the Done at ARGV[i] to i+6 (number, attempt, ys, ys_extra,
-- condition, 1 to retry, spent), which worker delivers. Returns its outcome
-- and, if the task ended, for how long it had run.
local function finish(i, worker)
  local n, attempt, ys, ys_extra, condition = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  local key = T .. n
  local r = call('HMGET', key, 'h', 'w', 'D', 'e')
  if not r[1] then return NOT_FOUND end
  local t = parse(r[1])
  local retry = condition ~= '' and ARGV[i + 5] == '1'
  if attempt == 0 then attempt = t.a end
  if attempt ~= t.a or t.s == 'f' or t.s == 'x' then
    return too_late(key, t, attempt, ys, condition, retry, worker)
  end
  t.w = r[2]
  local ran = 0
  if t.s == 'r' then ran = clock() - t.c - t.b end
  retry = retry and t.s == 'r' and retries_left(key, t.a)
  local spent = ARGV[i + 6]
  if spent ~= '' and r[4] then spent = r[4] .. spent end
  leave(n, key, t)
  if retry then
    if spent ~= '' then call('HSET', key, 'e', spent) end
    N.la = clock()
    requeue(n, key, t, ys, ys_extra, condition, clock())
    return RETRIED
  end
  conclude(n, key, t, r[3], ys, ys_extra, condition, spent)
  return APPLIED, ran
end
