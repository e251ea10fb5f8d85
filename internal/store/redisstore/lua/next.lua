#!lua
--#use network wake workers tasks seldom
-- The step of a worker's loop: delivers what was evaluated, fetches what to do
-- next.
--
-- KEYS[1] the network
-- ARGV[1] worker
-- ARGV[2] nonce
-- ARGV[3] bits: 1 pop, 2 claim, 4 wait if there is nothing, 8 wait while
--         drained too, 16 look again after waiting
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
--
-- This is what workers do all the time, hence one stretch without functions of
-- its own.
local err = open()
if err then return err end

local worker, nonce, bits = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local pops, claims, waits = bit.band(bits, 1) ~= 0, bit.band(bits, 2) ~= 0, bit.band(bits, 4) ~= 0
local stays, again = bit.band(bits, 8) ~= 0, bit.band(bits, 16) ~= 0
local queues = tonumber(ARGV[5]) -- from ARGV[6] on
local done = 6 + queues
local proposal = done + 1 + 7 * tonumber(ARGV[done])

local W = P .. WORKER .. worker
local state, index, signal, memory = unpack(call('HMGET', W, 's', 'r', 'g', 'm'))
local lives = alive(state)
R[worker] = index or ''

-- What the worker's last step left: nonce, endings and µs of the worker,
-- whether it waits, and the answer as far as it has to be given again.
local last, ended, busy, waiting, answer = 0, 0, 0, 0, nil
if memory then
  last, ended, busy, waiting = struct.unpack(MEMORY, memory)
  answer = string.sub(memory, MEMORYSIZE + 1)
end

local outcomes
if lives and last == nonce then
  -- A repeat gives the same answer, whatever has changed since. But a step
  -- that got nothing and waits looks again.
  local kept, popped, created, _, claimed, flags, stop = cmsgpack.unpack(answer)
  local got = popped >= 0 or created >= 0 or claimed >= 0 or flags % 2 == 1 or stop ~= ''
  if got or not again and (not waits or not stays and flags >= 4) then
    return '\154' .. answer .. '\0\0'
  end
  outcomes = kept
elseif lives and last > nonce then
  return redis.error_reply(string.format('RUSHSTALE %d', last))
else
  outcomes = ''
  for i = done + 1, proposal - 1, 7 do
    local kind, ran = finish(i, worker)
    outcomes = outcomes .. kind
    if ran then ended, busy = ended + 1, busy + ran end
  end
end

local popped, created, started, claimed, rejected, stop = -1, -1, 0, -1, false, ''
local record, from, block = false, nil, false

if lives and waiting == 1 then N[IDLERS] = N[IDLERS] - call('ZREM', P .. IDLE, worker) end

if not lives then
  stop = 'lost'
elseif N[STOPPED] == 1 then
  local v = call('HMGET', NET, 'sr', 'ss')
  stop = v[1] ~= '' and v[1] or v[2] ~= '' and v[2] or 'stop'
elseif signal then
  stop = signal
end

local room = N[LIMIT] <= 0 or N[TAKEN] < N[LIMIT]
if stop == '' and pops and N[QUEUED] > 0 and (room or N[REQUEUED] > 0) then
  local i = 6
  while i < 6 + queues and popped == -1 do
    local list = T .. QUEUE .. ARGV[i]
    local n
    if room then
      n = call('LPOP', list)
    else
      n = seldom().taken_before(list)
    end
    if n then
      record = call('HGETALL', T .. n)
      if record[1] then
        popped, from = n, ARGV[i]
      else -- the server was told to evict keys, and did
        N[QUEUED], N[DELETED] = N[QUEUED] - 1, N[DELETED] + 1
      end
    else
      i = i + 1
    end
  end
end

if popped == -1 then
  record = false
else
  local key = T .. popped
  local at = 1
  while record[at] ~= 'h' do at = at + 2 end
  local h = record[at + 1]
  N[QUEUED], N[RUNNING] = N[QUEUED] - 1, N[RUNNING] + 1
  local created = string.match(h, '^q0 (%d+)  $')
  if created then -- as nearly always
    h = 'r1 ' .. created .. ' ' .. string.format('%d', clock() - created) .. ' '
    N[TAKEN] = N[TAKEN] + 1
  else
    local t = parse(h)
    if t.k ~= '' then N[REQUEUED] = N[REQUEUED] - 1 else N[TAKEN] = N[TAKEN] + 1 end
    t.s, t.a, t.b = 'r', math.max(t.a, 1), string.format('%d', clock() - t.c)
    h = head(t)
  end
  record[at + 1] = h
  record[#record + 1], record[#record + 2] = 'w', worker
  call('HSET', key, 'h', h, 'w', worker)
  assign(worker, popped)
end

if stop == '' and popped == -1 and ARGV[proposal] then
  local n = tonumber(ARGV[proposal])
  if n >= 0 then
    if call('HGET', T .. CLAIMS, n) == worker then
      call('HDEL', T .. CLAIMS, n)
      N[HELD] = N[HELD] - 1
      created = n
    else
      rejected = true
    end
  elseif room then
    created, N[NEXT], N[TAKEN] = N[NEXT], N[NEXT] + 1, N[TAKEN] + 1
  end
  if created ~= -1 then
    started = clock()
    call('HSET', T .. created, 'h', string.format('r1 %d 0 ', started), 'w', worker, unpack(ARGV, proposal + 1))
    N[CREATED], N[RUNNING] = N[CREATED] + 1, N[RUNNING] + 1
    assign(worker, created)
  end
end

if stop == '' and popped == -1 and claims and (created ~= -1 or not ARGV[proposal]) then
  local free = call('ZPOPMIN', T .. POOL)[1]
  if free then
    claimed = tonumber(free)
  elseif N[LIMIT] <= 0 or N[TAKEN] < N[LIMIT] then
    claimed, N[NEXT], N[TAKEN] = N[NEXT], N[NEXT] + 1, N[TAKEN] + 1
  end
  if claimed ~= -1 then
    call('HSET', T .. CLAIMS, claimed, worker)
    N[HELD] = N[HELD] + 1
  end
end

-- If a token woke the worker, but it takes nothing from that queue, the task
-- that the token was for is left: another worker has to know.
if ARGV[4] ~= '' then
  local queue = string.sub(ARGV[4], 2)
  local length = queue == from and 0 or call('LLEN', T .. QUEUE .. queue)
  if length > 0 then pushed(queue, length) end
end

local drained = is_drained()
if waits and popped == -1 and created == -1 and claimed == -1 and not rejected and stop == '' and (stays or not drained) then
  -- The worker deletes the tokens for what it looked for and did not find;
  -- those that come from now on are about something new.
  local lists = {P .. WAKEWORKER .. worker}
  if pops then
    for i = 6, 5 + queues do lists[i - 4] = P .. WAKEQUEUE .. ARGV[i] end
  end
  call('DEL', unpack(lists))
  N[IDLERS] = N[IDLERS] + call('ZADD', P .. IDLE, stays and 1 or 0, worker)
  block = true
end

local flags = (rejected and 1 or 0) + (N[LIMIT] > 0 and N[TAKEN] >= N[LIMIT] and 2 or 0) + (drained and 4 or 0)
answer = cmsgpack.pack(outcomes, tonumber(popped), created, started, claimed, flags, stop, record)
if lives then last = nonce end
if state then
  changed[worker] = nil
  memory = struct.pack(MEMORY, last, ended, busy, block and 1 or 0) .. answer
  call('HSET', W, 'r', R[worker], 'm', memory)
end
save_workers()
save()
return '\154' .. answer .. (block and '\1' or '\0') .. (lives and '\0' or '\1')
