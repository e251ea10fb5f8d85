-- Tasks that wait for others. Uses network, workers, tasks.
--
-- What is counted once need not be looked for again: a deferred task knows how
-- many of those that it depends on have not finished, and each finish of one
-- counts down. So a chain and a fan take time in proportion to their size.

local depends_made
function depends()
  if depends_made then return depends_made end
  local d, t = {}, tasks()
  depends_made = d

  -- The numbers of those that depend on task n, ended or not, ascending.
  function d.of(n) return t.numbers(call('HGET', T .. DEPENDENTS, n) or '') end

  -- Notes that tasks depend on others: edges[n] lists those that depend on n.
  function d.add(edges)
    for n, list in pairs(edges) do
      local before = call('HGET', T .. DEPENDENTS, n)
      call('HSET', T .. DEPENDENTS, n, (before and before .. ',' or '') .. table.concat(list, ','))
    end
  end

  -- Forgets who depends on task n, which is deleted, and whom n, which may be
  -- created anew, depends on.
  function d.forget(n, list)
    if tonumber(n) >= N[RESERVED] then
      call('HDEL', T .. DEPENDENTS, n)
      return
    end
    for on in string.gmatch(list or '', '%d+') do
      local left = {}
      for _, m in ipairs(d.of(on)) do
        if m ~= tonumber(n) then left[#left + 1] = m end
      end
      call('HSET', T .. DEPENDENTS, on, table.concat(left, ','))
    end
  end

  -- Begins to look how those of a list stand.
  function d.look(list) return d.go_on({list = list, at = 1, seen = {}, unfinished = 0}) end

  -- Looks on up to the first that failed or is gone, which it leaves in by.
  -- Otherwise by is nil, and unfinished how many have not finished.
  function d.go_on(look)
    look.by = nil
    while true do
      local from, to = string.find(look.list, '%d+', look.at)
      if not from then return look end
      local n = string.sub(look.list, from, to)
      if not look.seen[n] then
        local s = string.sub(call('HGET', T .. n, 'h') or '', 1, 1)
        if s == '' or s == 'x' then
          look.by = n
          return look
        end
        look.seen[n] = true
        if s ~= 'f' then look.unfinished = look.unfinished + 1 end
      end
      look.at = to + 1
    end
  end

  -- Has a task, whose head is not written yet, wait for some that have not
  -- finished.
  function d.defer(n, key, task, unfinished)
    task.s = 'd'
    call('HSET', key, 'h', t.head(task), 'n', unfinished)
    call('SADD', T .. DEFERRED, n)
    N[DEFERREDS] = N[DEFERREDS] + 1
  end

  -- Task n has finished: queues those that need not wait any more.
  function d.release(n)
    local waiting = d.of(n)
    for i = #waiting, 1, -1 do -- the smallest comes to the very front
      local m = waiting[i]
      local key = T .. m
      local h = call('HGET', key, 'h')
      local task = h and t.parse(h)
      if task and task.s == 'd' and call('HINCRBY', key, 'n', -1) == 0 then
        t.leave(m, key, task)
        task.s = 'q'
        call('HSET', key, 'h', t.head(task))
        t.to_front(m, task, t.queue(key))
      end
    end
  end

  -- Task n, which had finished, goes back: who is deferred waits for it, too.
  function d.withdraw(n)
    if N[DEFERREDS] == 0 then return end
    for _, m in ipairs(d.of(n)) do
      local key = T .. m
      if string.sub(call('HGET', key, 'h') or '', 1, 1) == 'd' then call('HINCRBY', key, 'n', 1) end
    end
  end

  -- The condition of a task that depends on another, as package wire encodes
  -- it.
  function d.impossible(other)
    return '\130' .. cmsgpack.pack('class', 'impossible', 'message')
      .. cmsgpack.pack('it depends on task ' .. other .. ', which failed or was deleted')
  end

  -- Fails those that wait for task n, which failed or is gone, and those that
  -- wait for them.
  function d.give_up(n)
    local left = {n}
    while #left > 0 do
      local on = table.remove(left)
      for _, m in ipairs(d.of(on)) do
        local key = T .. m
        local h = call('HGET', key, 'h')
        local task = h and t.parse(h)
        if task and task.s == 'd' then
          t.leave(m, key, task)
          task.s, task.z = 'x', string.format('%d', clock() - task.c)
          call('HSET', key, 'h', t.head(task), 'c', d.impossible(on))
          N[FAILED] = N[FAILED] + 1
          t.log(m, task.a, 2)
          left[#left + 1] = m
        end
      end
    end
    N[SIGN] = clock()
  end

  -- Looks at task m, which depends on one that is failed no more; false if it
  -- never was impossible.
  local function failed(m)
    local r = call('HMGET', T .. m, 'h', 'c', 'd')
    local task = r[1] and t.parse(r[1])
    if not task or task.s ~= 'x' or t.taken(task) then return false end
    local ok, condition = pcall(cmsgpack.unpack, r[2] or '')
    if not ok or type(condition) ~= 'table' or condition.class ~= 'impossible' then return false end
    local look = d.look(r[3] or '')
    look.task = task
    return look
  end

  -- Has those wait again that were impossible because of these tasks, which
  -- are failed no more, and those that were because of them.
  function d.revive(numbers)
    local looks, left, i = {}, numbers, 1
    while left[i] do
      for _, m in ipairs(d.of(left[i])) do
        local look = looks[m]
        if look == nil then
          look = failed(m)
        elseif look and look.by and tonumber(look.by) == tonumber(left[i]) then
          d.go_on(look)
        end
        looks[m] = look
        if look and not look.by then
          looks[m] = false
          local key, task = T .. m, look.task
          t.leave(m, key, task)
          call('HDEL', key, 'c')
          task.z = ''
          d.defer(m, key, task, look.unfinished)
          left[#left + 1] = m
        end
      end
      i = i + 1
    end
  end

  return d
end
