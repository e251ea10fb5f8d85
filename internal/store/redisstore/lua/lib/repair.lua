-- Mending a network from the tasks' own records. Uses network, workers, tasks,
-- depend, objects.

local said = {}
local function say(...) said[#said + 1] = string.format(...) end

-- The heads of all tasks by number, and what else is read of them.
local heads, numbers = {}, {}

-- Is what parse found a head?
local function sound(task)
  return task and task.a and task.c and string.find('dqrfx', task.s, 1, true) and (task.s ~= 'r' or task.b ~= '')
    and ((task.s ~= 'f' and task.s ~= 'x') or task.z ~= '')
end

-- The numbers that something in the network speaks of.
local function highest()
  local top = N[NEXT] - 1
  local function see(n) if n and tonumber(n) and tonumber(n) > top and tonumber(n) < N[NEXT] + 1000000 then top = tonumber(n) end end
  for _, e in ipairs(call('LRANGE', T .. LOG, 0, -1)) do see(string.match(e, '^(%d+)%d$') or string.match(e, '^%d+:(%d+)%d$')) end
  for _, n in ipairs(call('SMEMBERS', T .. DEFERRED)) do see(n) end
  for _, n in ipairs(call('LRANGE', T .. QUEUE, 0, -1)) do see(n) end
  for _, n in ipairs(call('HKEYS', T .. CLAIMS)) do see(n) end
  for _, n in ipairs(call('ZRANGE', T .. POOL, 0, -1)) do see(n) end
  while call('EXISTS', T .. top + 1) == 1 do top = top + 1 end
  return top
end

-- Reads all tasks, and removes those of which not even the state is known. A
-- result that was lost makes a finished task a failed one.
local function repair_tasks(lost_outputs, lost_condition)
  for n = 0, highest() do
    local key = T .. n
    local r = call('HMGET', key, 'h', 'y', 'c', 'w', 'q')
    local task = r[1] and tasks().parse(r[1])
    if sound(task) then
      if task.s == 'f' and not r[2] then
        task.s = 'x'
        call('HSET', key, 'h', tasks().head(task), 'c', lost_outputs)
        say('task %d: it was finished and had no ys; it is failed now', n)
      elseif task.s == 'x' and not r[3] then
        call('HSET', key, 'c', lost_condition)
        say('task %d: it was failed and had no condition; it has got one', n)
      end
      task.w, task.q = r[4] or '', r[5] or ''
      heads[n] = task
      numbers[#numbers + 1] = n
    elseif call('EXISTS', key) == 1 then
      call('UNLINK', key)
      say('task %d: its record was torn (no readable state); it was removed', n)
    end
  end
end

-- Mends what is known of one worker.
local function repair_worker(id)
  local key, time = P .. WORKER .. id, string.format('%d', clock())
  local v = call('HMGET', key, 'i', 's', 'x')
  local there = call('GET', P .. MEMORY .. id)
  if there and #there < MEMORYSIZE then
    call('DEL', P .. MEMORY .. id)
    there = false
  end
  if not v[1] or not v[2] then
    call('UNLINK', key, P .. MEMORY .. id)
    call('ZREM', P .. WORKERS, id)
    call('ZREM', P .. ALIVE, id)
    return say('worker %s: nothing was known of it but its name; it was removed', id)
  end
  if not call('ZSCORE', P .. WORKERS, id) then
    call('ZADD', P .. WORKERS, call('HINCRBY', NET, 'wo', 1), id)
    say('worker %s: it was not in the list of workers; it is now', id)
  end
  local living, listed = v[2] == 'running' or v[2] == 'paused', call('ZSCORE', P .. ALIVE, id)
  if not there then
    workers().new(id)
    workers().change(id).lives = false
    if living then
      call('HSET', key, 's', 'lost', 'rs', 'what it held was lost', 'en', time)
      call('ZREM', P .. ALIVE, id)
    end
    return say('worker %s: what it held was lost; it counts as lost, and may join again', id)
  end
  local memory = workers().get(id)
  if memory.lives and living then
    if listed then return end
    call('ZADD', P .. ALIVE, (v[3] or '0') == '0' and '+inf' or string.format('%d', clock() + v[3]), id)
    return say('worker %s: it was not among those that are alive; it is now', id)
  end
  if not memory.lives and not living and not listed then return end
  workers().change(id).lives = false
  call('ZREM', P .. ALIVE, id)
  if living then call('HSET', key, 's', 'lost', 'rs', 'its records disagreed', 'en', time) end
  say('worker %s: its records disagreed on whether it is alive; it counts as ended', id)
end

-- Mends what is known of all workers.
local function repair_workers()
  local ids, seen = {}, {}
  local function see(id)
    if id ~= '' and not seen[id] then
      seen[id] = true
      ids[#ids + 1] = id
    end
  end
  for _, id in ipairs(call('ZRANGE', P .. WORKERS, 0, -1)) do see(id) end
  for _, id in ipairs(call('ZRANGE', P .. ALIVE, 0, -1)) do see(id) end
  for _, n in ipairs(numbers) do
    if heads[n].s == 'r' and call('EXISTS', P .. WORKER .. heads[n].w) == 1 then see(heads[n].w) end
  end
  for _, id in ipairs(ids) do repair_worker(id) end
  return ids
end

-- Mends which tasks each worker runs. Returns those that nobody does.
local function repair_running(ids)
  local at = {}
  for _, id in ipairs(ids) do
    local memory = workers().get(id)
    if memory then
      local kept = ''
      for n in string.gmatch(memory.index, '%d+') do
        local task = heads[tonumber(n)]
        if memory.lives and task and task.s == 'r' and task.w == id and not at[tonumber(n)] then
          at[tonumber(n)] = true
          kept = (kept == '' and ',' or kept) .. n .. ','
        else
          say('worker %s: task %s was said to run there, and does not', id, n)
        end
      end
      if kept ~= memory.index then workers().change(id).index = kept end
    end
  end
  local orphans = {}
  for _, n in ipairs(numbers) do
    local task = heads[n]
    if task.s == 'r' and not at[n] then
      local memory = task.w ~= '' and workers().get(task.w)
      if memory and memory.lives then
        workers().assign(task.w, n)
        say('task %d: it runs on worker %s, which did not have it in its index; it does now', n, task.w)
      else
        orphans[#orphans + 1] = n
      end
    end
  end
  return orphans
end

-- Mends the queues.
local function repair_queues()
  local names, known = {''}, {[''] = true}
  local function see(name)
    if not known[name] then
      known[name] = true
      names[#names + 1] = name
    end
  end
  for _, name in ipairs(call('SMEMBERS', T .. QUEUES)) do see(name) end
  for _, n in ipairs(numbers) do
    local q = heads[n].q
    if heads[n].s == 'q' and not known[q] then
      see(q)
      call('SADD', T .. QUEUES, q)
      say('queue %s: it was not in the list of queues; it is now', q)
    end
  end
  local queued, missing = {}, {}
  for _, name in ipairs(names) do
    local list, kept = call('LRANGE', T .. QUEUE .. name, 0, -1), {}
    for _, n in ipairs(list) do
      local task = heads[tonumber(n)]
      if task and task.s == 'q' and task.q == name and not queued[tonumber(n)] then
        queued[tonumber(n)] = true
        kept[#kept + 1] = n
      else
        say('queue %s: it had task %s, which does not wait there; it was taken out', name == '' and '(shared)' or name, n)
      end
    end
    if #kept < #list then
      call('DEL', T .. QUEUE .. name)
      for i = 1, #kept, 1000 do call('RPUSH', T .. QUEUE .. name, unpack(kept, i, math.min(i + 999, #kept))) end
    end
  end
  for _, n in ipairs(numbers) do
    if heads[n].s == 'q' and not queued[n] then
      local length = call('RPUSH', T .. QUEUE .. heads[n].q, n)
      if N[IDLERS] > 0 then waking().pushed(heads[n].q, length) end
      say('task %d: it is queued and was in no queue; it is at the end of its own now', n)
    end
  end
end

-- Mends the index of deferred tasks, and who depends on whom.
local function repair_deferred()
  for _, n in ipairs(call('SMEMBERS', T .. DEFERRED)) do
    if not heads[tonumber(n)] or heads[tonumber(n)].s ~= 'd' then
      call('SREM', T .. DEFERRED, n)
      say('task %s: the index of deferred tasks had it, wrongly; it was taken out', n)
    end
  end
  local waits = {}
  local all = call('HGETALL', T .. DEPENDENTS)
  for i = 1, #all, 2 do
    local of = {}
    for m in string.gmatch(all[i + 1], '%d+') do of[m] = true end
    waits[all[i]] = of
  end
  for _, n in ipairs(numbers) do
    if heads[n].s == 'd' then
      if call('SADD', T .. DEFERRED, n) == 1 then say('task %d: it is deferred and was not in the index; it is now', n) end
      for on in string.gmatch(call('HGET', T .. n, 'd') or '', '%d+') do
        if heads[tonumber(on)] and not (waits[on] and waits[on][tostring(n)]) then
          depends().add({[on] = {n}})
          waits[on] = waits[on] or {}
          waits[on][tostring(n)] = true
          say('task %d: it waits for task %s, which did not know; it does now', n, on)
        end
      end
    end
  end
end

-- Mends which numbers are reserved.
local function repair_claims()
  local claims = call('HGETALL', T .. CLAIMS)
  for i = 1, #claims, 2 do
    local n, holder = claims[i], claims[i + 1]
    local memory = workers().get(holder)
    if not tonumber(n) then
      call('HDEL', T .. CLAIMS, n)
      say('the claims had %s, which is no number; it was removed', n)
    elseif heads[tonumber(n)] then
      call('HDEL', T .. CLAIMS, n)
      say('number %s: worker %s held it, but there is a task of that number; it was taken away', n, holder)
    elseif not memory or not memory.lives then
      call('HDEL', T .. CLAIMS, n)
      call('ZADD', T .. POOL, n, n)
      say('number %s: worker %s held it, which is not alive; it went back', n, holder)
    end
  end
  for _, n in ipairs(call('ZRANGE', T .. POOL, 0, -1)) do
    if not tonumber(n) or heads[tonumber(n)] or call('HEXISTS', T .. CLAIMS, n) == 1 then
      call('ZREM', T .. POOL, n)
      say('number %s: it was said to be free, and is not', n)
    end
  end
end
