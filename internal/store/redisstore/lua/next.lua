--#use network wake workers tasks
-- The step of a worker's loop: delivers what was evaluated, fetches what to do
-- next.
--
-- KEYS[1] the network
-- ARGV[1] worker
-- ARGV[2] nonce
-- ARGV[3] flags: p pop, c claim, w wait if there is nothing, i wait while
--         drained too, a look again after waiting
-- ARGV[4] the queue whose token woke the worker, after a :, or empty
-- ARGV[5] how many queues to pop from, which follow
-- then    how many Done, which follow; each as finish takes it
-- then    nothing, or a proposal: number or -1, and fields of its hash and
--         their values
-- returns ten values:
--   1 outcomes, a digit for each Done     6 rejected, exhausted, drained: bits 1, 2, 4
--   2 number popped or -1                 7 why to stop, or empty
--   3 number created or -1                8 the hash of the popped task, or false
--   4 when that was, µs                   9 1 if the worker should block
--   5 number claimed or -1               10 1 if the worker is not alive
-- invariant: one nonce hands out once; who blocks misses no token
local err = open()
if err then return err end

local worker, nonce, flags = ARGV[1], ARGV[2], ARGV[3]
local function asked(flag) return string.find(flags, flag, 1, true) ~= nil end

local W = P .. WORKER .. worker
local w = call('HMGET', W, 's', 'r', 'n', 'm', 'g', 'k', 'b', 'z')
local lives = alive(w[1])
R[worker] = w[2] or ''

local queues, at = {}, 6
for i = 1, tonumber(ARGV[5]) do queues[i] = ARGV[5 + i] end
at = at + #queues
local dones = tonumber(ARGV[at])
local proposal = at + 1 + 7 * dones

local outcomes, popped, created, started, claimed = '', -1, -1, 0, -1
local rejected, stop, block = false, '', false
local record, from = false, nil

-- Applies every Done, and counts what the worker delivered.
local ended, busy = 0, 0
local function deliver()
  local kinds = {}
  for i = 1, dones do
    local kind, ran = finish(at + 1 + 7 * (i - 1), worker)
    kinds[i] = kind
    if ran then
      ended = ended + 1
      busy = busy + ran
    end
  end
  outcomes = table.concat(kinds)
end

-- Finds the first task of a queue that was taken from the budget before.
local function taken_before(list)
  local i = 0
  while true do
    local some = call('LRANGE', list, i, i + 99)
    if #some == 0 then return false end
    for _, n in ipairs(some) do
      if parse(call('HGET', T .. n, 'h')).k ~= '' then
        call('LREM', list, 1, n)
        return n
      end
    end
    i = i + 100
  end
end

local function pop()
  local roomy = room()
  if N.qu == 0 or not roomy and N.tq == 0 then return end
  for _, queue in ipairs(queues) do
    local list = T .. QUEUE .. queue
    local n
    if roomy then n = call('LPOP', list) else n = taken_before(list) end
    if n then
      popped, from = n, queue
      return
    end
  end
end

-- Makes the popped task run.
local function start()
  local key = T .. popped
  record = call('HGETALL', key)
  local t
  for i = 1, #record, 2 do
    if record[i] == 'h' then
      t = parse(record[i + 1])
      N.qu = N.qu - 1
      if t.k ~= '' then N.tq = N.tq - 1 else N.tk = N.tk + 1 end
      t.s, t.a, t.b = 'r', math.max(t.a, 1), since(t)
      record[i + 1] = head(t)
      call('HSET', key, 'h', record[i + 1], 'w', worker)
    end
  end
  record[#record + 1], record[#record + 2] = 'w', worker
  N.ru = N.ru + 1
  assign(worker, popped)
end

local function propose()
  local n = tonumber(ARGV[proposal])
  if n >= 0 then
    if call('HGET', T .. CLAIMS, n) ~= worker then
      rejected = true
      return
    end
    call('HDEL', T .. CLAIMS, n)
    N.cl = N.cl - 1
  elseif room() then
    n, N.nx, N.tk = N.nx, N.nx + 1, N.tk + 1
  else
    return
  end
  local h = 'r1 ' .. int(clock()) .. ' 0 '
  call('HSET', T .. n, 'h', h, 'w', worker, unpack(ARGV, proposal + 1))
  N.nc, N.ru = N.nc + 1, N.ru + 1
  assign(worker, n)
  created, started = n, clock()
end

local function claim()
  local free = call('ZPOPMIN', T .. POOL)[1]
  if free then
    claimed = tonumber(free)
  elseif room() then
    claimed, N.nx, N.tk = N.nx, N.nx + 1, N.tk + 1
  else
    return
  end
  call('HSET', T .. CLAIMS, claimed, worker)
  N.cl = N.cl + 1
end

local function fetch()
  if asked('p') then pop() end
  if popped ~= -1 then return start() end
  if ARGV[proposal] then
    propose()
    if created < 0 then return end
  end
  if asked('c') then claim() end
end

-- If a token woke the worker, but it takes nothing from that queue, the task
-- that the token was for is left: another worker has to know.
local function pass_on()
  if ARGV[4] == '' then return end
  local queue = string.sub(ARGV[4], 2)
  if queue == from then return end
  local length = call('LLEN', T .. QUEUE .. queue)
  if length > 0 then pushed(queue, length) end
end

-- Makes the worker one of those that wait. It deletes the tokens for what it
-- looked for and did not find; those that come now are about something new.
local function wait()
  local lists = {P .. WAKE_WORKER .. worker}
  if asked('p') then
    for i = 1, #queues do lists[i + 1] = P .. WAKE_QUEUE .. queues[i] end
  end
  call('DEL', unpack(lists))
  N.iw = N.iw + call('ZADD', P .. IDLE, asked('i') and 1 or 0, worker)
  block = true
end

local function reply(memory)
  return memory .. cmsgpack.pack(block and 1 or 0) .. cmsgpack.pack(lives and 0 or 1)
end

-- The answer, as far as a repeat has to be given the same again.
local function memory()
  local bits = (rejected and 1 or 0) + (N.L > 0 and N.tk >= N.L and 2 or 0) + (is_drained(N) and 4 or 0)
  return '\154' .. cmsgpack.pack(outcomes) .. cmsgpack.pack(tonumber(popped)) .. cmsgpack.pack(created)
    .. cmsgpack.pack(started) .. cmsgpack.pack(claimed) .. cmsgpack.pack(bits) .. cmsgpack.pack(stop) .. cmsgpack.pack(record)
end

-- Has the worker's last step handed something out, or told it to stop?
local function settled(m)
  local _, popped, created, _, claimed, bits, stop = cmsgpack.unpack(string.sub(m, 2))
  return popped >= 0 or created >= 0 or claimed >= 0 or bits % 2 == 1 or stop ~= ''
end

-- Stores what the worker's hash has that is new, besides the fields given.
local function save_worker(...)
  local set = {'r', R[worker], ...}
  if ended > 0 then
    local i = #set
    set[i + 1], set[i + 2], set[i + 3], set[i + 4] = 'k', (w[6] or 0) + ended, 'b', int((w[7] or 0) + busy)
  end
  changed[worker] = nil
  call('HSET', W, unpack(set))
  save_workers()
end

if not lives then
  deliver()
  if w[1] then save_worker() end
  save()
  return reply(memory())
end

if w[3] == nonce then
  -- A repeat gives the same answer, whatever has changed since. But a step
  -- that got nothing and waits looks again.
  local m = w[4]
  local kept, _, _, _, _, bits = cmsgpack.unpack(string.sub(m, 2))
  local waits = asked('a') or asked('w') and (asked('i') or bits < 4)
  if settled(m) or not waits then return reply(m) end
  outcomes = kept
elseif tonumber(w[3] or 0) > tonumber(nonce) then
  return redis.error_reply('RUSHSTALE ' .. w[3])
else
  deliver()
end

if w[8] == '1' then N.iw = N.iw - call('ZREM', P .. IDLE, worker) end
if N.sp == 1 then
  local v = call('HMGET', NET, 'sr', 'ss')
  stop = v[1] ~= '' and v[1] or v[2]
  if stop == '' then stop = 'stop' end
elseif w[5] and w[5] ~= '' then
  stop = w[5]
else
  fetch()
end
pass_on()
local nothing = popped == -1 and created < 0 and claimed < 0 and not rejected and stop == ''
if nothing and asked('w') and (asked('i') or not is_drained(N)) then wait() end

local m = memory()
save_worker('n', nonce, 'm', m, 'z', block and 1 or 0)
save()
return reply(m)
