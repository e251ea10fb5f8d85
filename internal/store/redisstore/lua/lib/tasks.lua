-- Tasks passing from state to state. Uses network, wake, workers.

-- What happens seldom is in a table that is made when it does: see seldom.lua.
local make_seldom
local made
local function seldom()
  made = made or make_seldom()
  return made
end

-- Reads a head: state, attempt, ! if it was taken from the budget in an
-- earlier attempt, created, started, ended; the last four stay strings.
local function parse(head)
  local s, a, k, c, b, z = string.match(head, '^(%a)(%d+)(!?) (%d+) (%-?%d*) (%-?%d*)$')
  return {s = s, a = tonumber(a), k = k, c = c, b = b, z = z}
end

local function head(t) return t.s .. t.a .. t.k .. ' ' .. t.c .. ' ' .. t.b .. ' ' .. t.z end

-- Appends to the log: 0 withdrawn, 1 finished, 2 failed.
local function log(n, attempt, kind)
  local entry = string.format('%d', n * 4 + kind)
  if attempt ~= 1 then entry = entry .. ':' .. attempt end
  call('RPUSH', T .. LOG, entry)
  N[LOGGED] = N[LOGGED] + 1
end

-- Takes a task, run by w if it runs, out of the state that it is in.
local function leave(n, key, t, w)
  if t.s ~= 'r' then return seldom().leave(n, key, t) end
  unassign(w, n)
  N[RUNNING] = N[RUNNING] - 1
end

-- Ends a task, which has left its state; D is the list of those that wait for
-- it. It failed if it has a condition.
local function conclude(n, key, t, D, ys, ys_extra, condition, spent)
  t.s, t.z = condition == '' and 'f' or 'x', string.format('%d', clock() - t.c)
  local set, i = {'h', head(t)}, 3
  if ys ~= '' or t.s == 'f' then set[i], set[i + 1], i = 'y', ys, i + 2 end
  if ys_extra ~= '' then set[i], set[i + 1], i = 'v', ys_extra, i + 2 end
  if condition ~= '' then set[i], set[i + 1], i = 'c', condition, i + 2 end
  if spent ~= '' then set[i], set[i + 1] = 'e', spent end
  call('HSET', key, unpack(set))
  if t.s == 'f' then
    N[FINISHED] = N[FINISHED] + 1
    log(n, t.a, 1)
  else
    N[FAILED] = N[FAILED] + 1
    log(n, t.a, 2)
  end
  N[SIGN] = clock()
  if not D then return end
  if t.s == 'f' then seldom().release(D) else seldom().give_up(n, D) end
end

-- Applies the Done at ARGV[i] to i+6 (number, attempt, ys, ys_extra,
-- condition, 1 to retry, spent), which worker delivers. Returns its outcome (0
-- applied, 1 retried, 2 late, 3 not found) and, if the task ended, for how
-- long it had run.
local function finish(i, worker)
  local n, attempt, ys, ys_extra, condition, _, spent = unpack(ARGV, i, i + 6)
  local key = T .. n
  local r = call('HMGET', key, 'h', 'w', 'D', 'e')
  if not r[1] then return 3 end
  if r[4] and spent ~= '' then spent = r[4] .. spent end

  -- What nearly always happens: the first attempt finishes.
  local created, started = string.match(r[1], '^r1 (%d+) (%d+) $')
  if created and attempt <= '1' and condition == '' and ys_extra == '' and not r[3] then
    local age = clock() - created
    local h = 'f1 ' .. created .. ' ' .. started .. ' ' .. string.format('%d', age)
    if spent == '' then call('HSET', key, 'h', h, 'y', ys) else call('HSET', key, 'h', h, 'y', ys, 'e', spent) end
    call('RPUSH', T .. LOG, string.format('%d', n * 4 + 1))
    unassign(r[2], n)
    N[RUNNING], N[FINISHED], N[LOGGED], N[SIGN] = N[RUNNING] - 1, N[FINISHED] + 1, N[LOGGED] + 1, now
    return 0, age - started
  end

  local t = parse(r[1])
  local retry = condition ~= '' and ARGV[i + 5] == '1'
  attempt = attempt == '0' and t.a or tonumber(attempt)
  if attempt ~= t.a or t.s == 'f' or t.s == 'x' then
    return seldom().too_late(key, t, attempt, ys, condition, retry, worker)
  end
  local ran = 0
  if t.s == 'r' then ran = clock() - t.c - t.b end
  local again = retry and t.s == 'r' and seldom().retries_left(key, t.a)
  leave(n, key, t, r[2])
  if again then
    if spent ~= '' then call('HSET', key, 'e', spent) end
    N[SIGN] = clock()
    seldom().requeue(n, key, t, ys, ys_extra, condition, clock())
    return 1
  end
  conclude(n, key, t, r[3], ys, ys_extra, condition, spent)
  return 0, ran
end
