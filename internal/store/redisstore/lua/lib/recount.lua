-- Mending counters and the log from the tasks. Uses network, workers, tasks,
-- depend, repair.

-- Sets a counter.
local function set(i, what, value)
  if N[i] == value then return end
  say('the counters: they said %d %s; it is %d', N[i], what, value)
  N[i] = value
end

local function recount()
  local c = {d = 0, q = 0, r = 0, f = 0, x = 0}
  local again, taken, top = 0, 0, -1
  for _, n in ipairs(numbers) do
    local task = heads[n]
    c[task.s] = c[task.s] + 1
    if task.s == 'q' and task.k ~= '' then again = again + 1 end
    if tasks().taken(task) then taken = taken + 1 end
    if n >= N[RESERVED] and n > top then top = n end
  end
  set(DEFERREDS, 'deferred tasks', c.d)
  set(QUEUED, 'queued tasks', c.q)
  set(REQUEUED, 'queued tasks that ran before', again)
  set(RUNNING, 'running tasks', c.r)
  set(FINISHED, 'finished tasks', c.f)
  set(FAILED, 'failed tasks', c.x)
  if N[CREATED] < #numbers then set(CREATED, 'tasks ever created', #numbers + math.max(0, N[DELETED])) end
  set(DELETED, 'deleted tasks', N[CREATED] - #numbers)
  set(HELD, 'numbers held by workers', call('HLEN', T .. CLAIMS))
  set(IDLERS, 'waiting workers', call('ZCARD', P .. IDLE))
  set(WAITERS, 'waiting readers', call('SCARD', P .. READERS))
  local claimed = call('HKEYS', T .. CLAIMS)
  for _, n in ipairs(call('ZRANGE', T .. POOL, 0, -1)) do claimed[#claimed + 1] = n end
  for _, n in ipairs(claimed) do top = math.max(top, tonumber(n)) end
  set(NEXT, 'as the next number', math.max(N[NEXT], N[RESERVED], top + 1))
  local least = taken + #claimed
  set(TAKEN, 'taken from the budget', math.max(least, math.min(N[TAKEN], least + N[DELETED])))
end

-- Reads the log: how it leaves each task, or false if it cannot be replayed.
local function replay()
  local ended, attempts, log = {}, {}, call('LRANGE', T .. LOG, 0, -1)
  if #log ~= N[LOGGED] then return false end
  for _, e in ipairs(log) do
    local a, n, k = string.match(e, '^(%d+):(%d+)(%d)$')
    if not a then
      a, n, k = 1, string.match(e, '^(%d+)(%d)$')
    else
      k = k - 5
    end
    if not n then return false end
    n, k, a = tonumber(n), tonumber(k), tonumber(a)
    if k > 2 or k < 0 or (k == 0) ~= (ended[n] ~= nil) or k == 0 and attempts[n] ~= a then return false end
    ended[n], attempts[n] = k > 0 and k or nil, a
  end
  return ended, attempts
end

-- Moves everything of the epoch to the next, so that readers begin anew.
local function next_epoch()
  local old = T
  T = P .. string.format('%d', N[EPOCH] + 1) .. ':'
  local function move(key) if call('EXISTS', old .. key) == 1 then call('RENAME', old .. key, T .. key) end end
  for _, n in ipairs(numbers) do move(n) end
  for _, queue in ipairs(call('SMEMBERS', old .. QUEUES)) do move(QUEUE .. queue) end
  for _, name in ipairs(call('SMEMBERS', old .. HASHES)) do move(HASH .. name) end
  for _, key in ipairs({QUEUE, QUEUES, LOG, DEFERRED, DEPENDENTS, CLAIMS, POOL, ENTRIES, HASHES}) do move(key) end
  N[EPOCH] = N[EPOCH] + 1
end

-- Makes the log say how the tasks stand.
local function repair_log()
  local kinds = {f = 1, x = 2}
  local ended, attempts = replay()
  if ended then
    local keys = {}
    for n in pairs(ended) do keys[#keys + 1] = n end
    table.sort(keys)
    for _, n in ipairs(keys) do
      local task = heads[n]
      if not task or kinds[task.s] ~= ended[n] or task.a ~= attempts[n] then
        tasks().log(n, attempts[n], 0)
        ended[n] = nil
        say('task %d: the log of endings said that it had ended otherwise than it did, or at all; that was withdrawn', n)
      end
    end
    for _, n in ipairs(numbers) do
      local kind = kinds[heads[n].s]
      if kind and not ended[n] then
        tasks().log(n, heads[n].a, kind)
        say('task %d: the log of endings did not say that it has ended; it does now', n)
      end
    end
    return
  end
  call('DEL', T .. LOG)
  N[LOGGED] = 0
  local list = {}
  for _, n in ipairs(numbers) do
    if kinds[heads[n].s] then list[#list + 1] = {n, heads[n].c + heads[n].z} end
  end
  table.sort(list, function(a, b) return a[2] < b[2] or a[2] == b[2] and a[1] < b[1] end)
  for _, e in ipairs(list) do tasks().log(e[1], heads[e[1]].a, kinds[heads[e[1]].s]) end
  next_epoch()
  was_logged = -1 -- readers are to learn of it
  say('the log of endings was torn; it was written anew, with %d entries, and readers begin anew', #list)
end

-- Ends what nobody runs, and settles what waits for nothing.
local function settle(orphans, lost)
  for i = #orphans, 1, -1 do -- the smallest comes to the very front
    local n = orphans[i]
    local key, task = T .. n, heads[n]
    tasks().leave(n, key, task, task.w)
    if tasks().retries_left(key, task.a) then
      tasks().requeue(n, key, task, '', '', lost, clock(), 0)
      say('task %d: it ran on a worker that is not alive; it is queued again', n)
    else
      tasks().conclude(n, key, task, '', '', lost, '')
      say('task %d: it ran on a worker that is not alive; it is failed now', n)
    end
  end
  for _, n in ipairs(numbers) do
    local key = T .. n
    local r = heads[n].s == 'd' and call('HMGET', key, 'h', 'd', 'n')
    if r and string.sub(r[1], 1, 1) == 'd' then -- and not settled by now
      local look = depends().look(r[2] or '')
      if look.by then
        local task = tasks().parse(r[1])
        tasks().leave(n, key, task)
        tasks().conclude(n, key, task, '', '', depends().impossible(look.by), '')
        say('task %d: it waited for task %s, which failed or is gone; it is failed now', n, look.by)
      elseif look.unfinished == 0 then
        local task = tasks().parse(r[1])
        tasks().leave(n, key, task)
        task.s = 'q'
        call('HSET', key, 'h', tasks().head(task))
        tasks().to_front(n, task, tasks().queue(key))
        say('task %d: it waited for nothing any more; it is queued now', n)
      elseif tonumber(r[3] or -1) ~= look.unfinished then
        call('HSET', key, 'n', look.unfinished)
        say('task %d: it was said to wait for %s others; it waits for %d', n, tostring(r[3] or 'no'), look.unfinished)
      end
    end
  end
end

-- Mends objects and tags: what is held stays held.
local function repair_objects()
  local there = {}
  for _, hash in ipairs(call('SMEMBERS', P .. OBJECTS)) do
    if call('HEXISTS', P .. OBJECT .. hash, 'l') == 1 then
      there[hash] = true
      for _, tag in ipairs(call('SMEMBERS', P .. HOLDERS .. hash)) do
        local known = call('SADD', P .. TAGGED .. tag, hash) + call('SADD', P .. OBJECTTAGS, tag)
        if known > 0 then say('tag %s: it holds object %s, and did not know; it does now', tag, hash) end
      end
    else
      call('SREM', P .. OBJECTS, hash)
      call('UNLINK', P .. OBJECT .. hash)
      if #call('SMEMBERS', P .. HOLDERS .. hash) == 0 then say('object %s: there was only its name; it was removed', hash) end
    end
  end
  for _, tag in ipairs(call('SMEMBERS', P .. OBJECTTAGS)) do
    for _, hash in ipairs(call('SMEMBERS', P .. TAGGED .. tag)) do
      if not there[hash] and call('HEXISTS', P .. OBJECT .. hash, 'l') == 1 then
        there[hash] = true
        call('SADD', P .. OBJECTS, hash)
        say('object %s: it was not in the list of objects; it is now', hash)
      end
      if not there[hash] then
        call('SREM', P .. TAGGED .. tag, hash)
        call('UNLINK', P .. HOLDERS .. hash)
        say('tag %s: it held object %s, which does not exist; it does not any more', tag, hash)
      elseif call('SADD', P .. HOLDERS .. hash, tag) == 1 then
        say('object %s: it did not know that tag %s holds it; it does now', hash, tag)
      end
    end
    local n = string.match(tag, '^task:(%d+)$')
    if n and string.format('%d', n) == n and call('EXISTS', T .. n) == 0 then
      objects().drop(tag)
      say('tag %s: there is no such task; it was dropped', tag)
    elseif call('EXISTS', P .. TAGGED .. tag) == 0 then
      call('SREM', P .. OBJECTTAGS, tag)
      say('tag %s: it held nothing; it was removed', tag)
    end
  end
end
