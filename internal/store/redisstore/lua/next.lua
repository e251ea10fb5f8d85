#!lua
--#use network workers tasks depend objects
-- The step of a worker's loop: delivers what was evaluated, fetches what to do
-- next.
--
-- KEYS[1] the network
-- ARGV[1] worker
-- ARGV[2] nonce
-- ARGV[3] bits: 1 pop, 2 claim, 4 wait if there is nothing, 8 wait while
--         drained too, 16 look again after waiting; and 32 times the number of
--         the program, below 2^32
-- ARGV[4] the queue whose token woke the worker, after a :, or empty
-- ARGV[5] how many queues to pop from, which follow
-- then    how many Done, which follow; each as tasks().finish takes it
-- then    nothing, or a proposal: number or -1, its objects (hash,hash,...), and
--         fields of its hash and their values
-- returns ten values:
--   1 outcomes, a digit for each Done     6 rejected, exhausted, drained, paused: bits 1, 2, 4, 8; and 16 * program
--   2 number popped or -1                 7 why to stop, or empty
--   3 number created or -1                8 the hash of the popped task, or false
--   4 when that was, µs                   9 1 if the worker should block
--   5 number claimed or -1               10 1 if the worker is not alive
-- invariant: one nonce hands out once; who blocks misses no token
--
-- This is what workers do all the time: hence one stretch without functions of
-- its own, and the usual ways through tasks().finish and the like written out.
local worker, nonce, bits = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local counters, memory = unpack(call('MGET', P .. COUNTS, P .. MEMORY .. worker))
local err = read(counters)
if err then return err end

local pops, claims, waits = bit.band(bits, 1) ~= 0, bit.band(bits, 2) ~= 0, bit.band(bits, 4) ~= 0
local stays, again = bit.band(bits, 8) ~= 0, bit.band(bits, 16) ~= 0
local queues = tonumber(ARGV[5]) -- from ARGV[6] on
local done = 6 + queues
local proposal = done + 1 + 7 * tonumber(ARGV[done])

-- The worker's memory; see keys.go.
local last, ended, busy, waiting, lives, signal, length, index, answer = 0, 0, 0, 0, 0, 0, 0, '', ''
if memory then
  last, ended, busy, waiting, lives, signal, length = struct.unpack(MEMORYHEAD, memory)
  if length > 0 then index = string.sub(memory, MEMORYSIZE + 1, MEMORYSIZE + length) end
end
local paused = lives == 2
if paused then lives = 1 end

if (ARGV[proposal + 1] or '') ~= '' and lives == 1 and last < nonce then
  local lacks = objects().missing(ARGV[proposal + 1])
  if lacks then return lacks end
end

local outcomes = ''
local program = math.floor(bits / 32)
if lives == 1 and last == nonce then
  -- A repeat gives the same answer, whatever has changed since. But a step
  -- that got nothing and waits looks again.
  answer = string.sub(memory, MEMORYSIZE + length + 1)
  local kept, popped, created, _, claimed, flags, stop = cmsgpack.unpack(answer)
  if math.floor(flags / 16) ~= program then return redis.error_reply(string.format('RUSHSTALE %d', last)) end
  local got = popped >= 0 or created >= 0 or claimed >= 0 or flags % 2 == 1 or stop ~= ''
  if got or not again and (not waits or not stays and flags % 8 >= 4) then
    return '\154' .. answer .. '\0\0'
  end
  outcomes = kept
elseif lives == 1 and last > nonce then
  return redis.error_reply(string.format('RUSHSTALE %d', last))
else
  for i = done + 1, proposal - 1, 7 do
    local n = ARGV[i]
    local key, kind, ran = T .. n, 0, nil
    local from, to = string.find(index, ',' .. n .. ',', 1, true)
    local created, started
    -- Usually the first attempt of a task that the worker runs finishes, and
    -- nobody waits for it.
    if from and ARGV[i + 1] <= '1' and ARGV[i + 3] == '' and ARGV[i + 4] == '' and N[DEFERREDS] == 0 then
      created, started = string.match(call('HGET', key, 'h') or '', '^r1 (%d+) (%d+) $')
    end
    if created then
      local age = clock() - created
      local h = 'f1 ' .. created .. ' ' .. started .. string.format(' %d', age)
      if ARGV[i + 6] == '' then
        call('HSET', key, 'h', h, 'y', ARGV[i + 2])
      else
        call('HSET', key, 'h', h, 'y', ARGV[i + 2], 'e', ARGV[i + 6])
      end
      call('RPUSH', T .. LOG, n .. '1')
      N[RUNNING], N[FINISHED], N[LOGGED], N[SIGN] = N[RUNNING] - 1, N[FINISHED] + 1, N[LOGGED] + 1, now
      index = string.sub(index, 1, from) .. string.sub(index, to + 1)
      if index == ',' then index = '' end
      ran = age - started
    else
      local own = workers().get(worker)
      if own then own.index = index end
      kind, ran = tasks().finish(i, worker)
      if own then index = own.index end
    end
    outcomes = outcomes .. kind
    if ran then ended, busy = ended + 1, busy + ran end
  end
end

local popped, created, started, claimed, rejected, stop = -1, -1, 0, -1, false, ''
local record, from, block = false, nil, false

if lives == 1 and waiting == 1 then N[IDLERS] = N[IDLERS] - call('ZREM', P .. IDLE, worker) end

if lives == 0 then
  stop = 'lost'
elseif N[STOPPED] == 1 then
  local v = call('HMGET', NET, 'sr', 'ss')
  stop = v[1] ~= '' and v[1] or v[2] ~= '' and v[2] or 'stop'
elseif signal > 0 then
  stop = signal == KILL and 'kill' or 'terminate'
end

local room = N[LIMIT] <= 0 or N[TAKEN] < N[LIMIT]
local gives = stop == '' and not paused
if gives and pops and N[QUEUED] > 0 and (room or N[REQUEUED] > 0) then
  local i = 6
  while i < done and popped == -1 do
    local list = T .. QUEUE .. ARGV[i]
    local n
    if room then
      n = call('LPOP', list)
    else
      n = tasks().taken_before(list)
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
  local at = 1
  while record[at] ~= 'h' do at = at + 2 end
  local h = record[at + 1]
  N[QUEUED], N[RUNNING] = N[QUEUED] - 1, N[RUNNING] + 1
  local since = string.match(h, '^q0 (%d+)  $')
  if since then -- as usual
    h = 'r1 ' .. since .. string.format(' %d ', clock() - since)
    N[TAKEN] = N[TAKEN] + 1
  else
    local task = tasks().parse(h)
    if task.k ~= '' then N[REQUEUED] = N[REQUEUED] - 1 else N[TAKEN] = N[TAKEN] + 1 end
    task.s, task.a, task.b = 'r', math.max(task.a, 1), string.format('%d', clock() - task.c)
    h = tasks().head(task)
  end
  record[at + 1] = h
  record[#record + 1], record[#record + 2] = 'w', worker
  call('HSET', T .. popped, 'h', h, 'w', worker)
  index = (index == '' and ',' or index) .. popped .. ','
end

if gives and popped == -1 and ARGV[proposal] then
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
    call('HSET', T .. created, 'h', string.format('r1 %d 0 ', started), 'w', worker, unpack(ARGV, proposal + 2))
    if ARGV[proposal + 1] ~= '' then objects().hold_task(created, ARGV[proposal + 1]) end
    N[CREATED], N[RUNNING] = N[CREATED] + 1, N[RUNNING] + 1
    index = (index == '' and ',' or index) .. created .. ','
  end
end

if gives and popped == -1 and claims and (created ~= -1 or not ARGV[proposal]) then
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
  local size = queue == from and 0 or call('LLEN', T .. QUEUE .. queue)
  if size > 0 and N[IDLERS] > 0 then waking().pushed(queue, size) end
end

local drained = is_drained()
if waits and popped == -1 and created == -1 and claimed == -1 and not rejected and stop == '' and (stays or not drained) then
  -- The worker deletes the tokens for what it looked for and did not find;
  -- those that come from now on are about something new.
  local lists = {P .. WAKEWORKER .. worker}
  if pops and not paused then
    for i = 6, done - 1 do lists[i - 4] = P .. WAKEQUEUE .. ARGV[i] end
  end
  call('DEL', unpack(lists))
  N[IDLERS] = N[IDLERS] + call('ZADD', P .. IDLE, stays and 1 or 0, worker)
  block = true
end

local exhausted = N[LIMIT] > 0 and N[TAKEN] >= N[LIMIT]
-- Numbers that were given back are room for who claims, and was not given one.
if exhausted and claims and not ARGV[proposal] then exhausted = call('EXISTS', T .. POOL) == 0 end

local flags = (rejected and 1 or 0) + (exhausted and 2 or 0) + (drained and 4 or 0) + (paused and 8 or 0) + 16 * program
answer = cmsgpack.pack(outcomes, tonumber(popped), created, started, claimed, flags, stop, record)
if workers_made then workers_made.save() end
if memory then
  if lives == 1 then last = nonce end
  memory = struct.pack(MEMORYHEAD, last, ended, busy, block and 1 or 0, paused and 2 or lives, signal, #index) .. index .. answer
  call('MSET', P .. COUNTS, changed(), P .. MEMORY .. worker, memory)
else
  save()
end
return '\154' .. answer .. (block and '\1' or '\0') .. (lives == 1 and '\0' or '\1')
