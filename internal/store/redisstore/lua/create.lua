#!lua
--#use network workers tasks depend objects
-- Creates a chunk of tasks.
--
-- KEYS[1] the network
-- ARGV[1] the call's nonce and the number of the chunk
-- ARGV[2] the same of the chunk before it, or empty
-- ARGV[3] 1 if all tasks are plain
-- ARGV[4] the number of tasks, which follow. Plain ones, queued in the shared
--   queue, are
--     q, n, and n arguments: fields of the hash and their values
--   and others
--     *, state, number (-1: the next), worker, queue, 1 if that is the own one
--     of a worker who should be alive, depends on (n,n,..., and
--     +n for the n-th of these tasks, from 0, that gets the next number),
--     objects (hash,hash,...), n, and n arguments: fields of the hash, these
--     included, and their values
-- returns the first automatic number; errors RUSHORDER, RUSHFIXED number reserved,
--   RUSHNOTASK number, RUSHNOWORKER id, RUSHLOST id, RUSHNOOBJECT hash, RUSHFULL
-- invariant: all are created or none; the same nonce creates nothing twice
local err = open()
if err then return err end
local kept = T .. CREATE .. string.format('%d:', N[BORN])
local was = call('GET', kept .. ARGV[1])
if was then return tonumber(was) end
if ARGV[2] ~= '' and call('EXISTS', kept .. ARGV[2]) == 0 then return redis.error_reply('RUSHORDER') end

local count = tonumber(ARGV[4])
local first = N[NEXT]

-- Reads the task at ARGV[i] and returns the index of the next one.
local function task_at(i)
  if ARGV[i] == 'q' then
    return {s = 'q', n = -1, w = '', q = '', own = '', d = '', o = '', at = i + 2, len = tonumber(ARGV[i + 1])}, i + 2 + ARGV[i + 1]
  end
  local task = {
    s = ARGV[i + 1], n = tonumber(ARGV[i + 2]), w = ARGV[i + 3], q = ARGV[i + 4], own = ARGV[i + 5], d = ARGV[i + 6],
    o = ARGV[i + 7], at = i + 9, len = tonumber(ARGV[i + 8]),
  }
  return task, i + 9 + task.len
end

-- Is there no task yet that has the fixed number of this one?
local function absent(task, made)
  return task.n < 0 or not made[task.n] and call('EXISTS', T .. task.n) == 0
end

-- Returns an error if a task cannot be created. made has the fixed numbers of
-- those before it, living the workers that are known to live.
local function refuse(task, made, living)
  if task.n >= N[RESERVED] then return redis.error_reply('RUSHFIXED ' .. task.n .. ' ' .. N[RESERVED]) end
  if not absent(task, made) then return end
  for plus, d in string.gmatch(task.d, '(%+?)(%d+)') do
    if plus == '' and not made[tonumber(d)] and call('EXISTS', T .. d) == 0 then return redis.error_reply('RUSHNOTASK ' .. d) end
  end
  local lacks = task.o ~= '' and objects().missing(task.o)
  if lacks then return lacks end
  if task.s == 'r' and not living[task.w] then
    local memory = workers().get(task.w)
    if not memory then return redis.error_reply('RUSHNOWORKER ' .. task.w) end
    if not memory.lives then return redis.error_reply('RUSHLOST ' .. task.w) end
    living[task.w] = true
  end
end

local function check()
  local made, living, starting = {}, {}, 0
  local i, task = 5
  for _ = 1, count do
    task, i = task_at(i)
    local refused = refuse(task, made, living)
    if refused then return refused end
    if task.s == 'r' and absent(task, made) then starting = starting + 1 end
    if task.n >= 0 then made[task.n] = true end
  end
  if N[LIMIT] > 0 and starting > 0 and N[TAKEN] + starting > N[LIMIT] then return redis.error_reply('RUSHFULL') end
end

-- Numbers on their way into a queue, all of which is written at once.
local batch, into = {}, ''
local function flush()
  if #batch == 0 then return end
  if into ~= '' then call('SADD', T .. QUEUES, into) end
  local length
  for i = 1, #batch, 1000 do
    length = call('RPUSH', T .. QUEUE .. into, unpack(batch, i, math.min(i + 999, #batch)))
  end
  N[QUEUED] = N[QUEUED] + #batch
  if N[IDLERS] > 0 then waking().pushed(into, length) end
  batch = {}
end

local created = string.format('%d', clock())
local fresh = 'q0 ' .. created .. '  '

local function plain(i, len)
  local n = N[NEXT]
  N[NEXT] = n + 1
  call('HSET', T .. n, 'h', fresh, unpack(ARGV, i, i + len - 1))
  batch[#batch + 1] = n
end

-- Who depends on whom, all of which is written at once.
local edges = {}
local function depend(n, on)
  local seen = {}
  for d in string.gmatch(on, '%d+') do
    if not seen[d] then
      seen[d] = true
      edges[d] = edges[d] or {}
      table.insert(edges[d], n)
    end
  end
end

local function special(task)
  local n = task.n
  local t = {s = task.s, a = 0, k = '', c = created, b = '', z = ''}
  if n < 0 then
    n = N[NEXT]
    N[NEXT] = n + 1
  elseif call('EXISTS', T .. n) == 1 then
    return
  end
  local key = T .. n
  local set = {unpack(ARGV, task.at, task.at + task.len - 1)}
  local look
  if task.d ~= '' then
    task.d = string.gsub(task.d, '%+(%d+)', function(i) return string.format('%d', first + i) end)
    set[#set + 1] = 'd'
    set[#set + 1] = task.d
  end
  if t.s == 'd' then
    look = depends().look(task.d)
    if look.by then
      t.s = 'x'
      set[#set + 1] = 'c'
      set[#set + 1] = depends().impossible(look.by)
    elseif look.unfinished == 0 then
      t.s = 'q'
    end
  end
  if task.d ~= '' then depend(n, task.d) end
  if t.s == 'f' or t.s == 'x' then t.z = '0' end
  if t.s == 'r' then t.a, t.b = 1, '0' end
  call('HSET', key, 'h', tasks().head(t), unpack(set))
  if task.o ~= '' then objects().hold_task(n, task.o) end

  if task.own == '1' then
    local memory = workers().get(task.q)
    if not (memory and memory.lives) then
      call('HDEL', key, 'q')
      task.q = ''
    end
  end
  if t.s == 'q' then
    if task.q ~= '' then task.q = tasks().queue(key) end
    if into ~= task.q then
      flush()
      into = task.q
    end
    batch[#batch + 1] = n
  elseif t.s == 'd' then
    depends().defer(n, key, t, look.unfinished)
  elseif t.s == 'r' then
    workers().assign(task.w, n)
    N[RUNNING] = N[RUNNING] + 1
    N[TAKEN] = N[TAKEN] + 1
  else
    if t.s == 'f' then N[FINISHED] = N[FINISHED] + 1 else N[FAILED] = N[FAILED] + 1 end
    tasks().log(n, 0, t.s == 'f' and 1 or 2)
    N[SIGN] = clock()
  end
  N[CREATED] = N[CREATED] + 1
end

if ARGV[3] == '1' then
  local i = 5
  for _ = 1, count do
    local len = tonumber(ARGV[i + 1])
    plain(i + 2, len)
    i = i + 2 + len
  end
  N[CREATED] = N[CREATED] + count
else
  local refused = check()
  if refused then return refused end
  local i, task = 5
  for _ = 1, count do
    task, i = task_at(i)
    special(task)
  end
end
flush()
if next(edges) then depends().add(edges) end
if workers_made then workers_made.save() end
save()
call('SET', kept .. ARGV[1], string.format('%d', first), 'EX', KEEP)
return first
