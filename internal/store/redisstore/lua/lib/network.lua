-- The network's hash: counters, loaded by open, changed in N, stored by save.
-- Every call makes the functions of the library anew, which takes time for
-- each and for each variable of the script that it uses: hence they are few,
-- and what happens seldom is made by those who need it.

local call, NET = redis.call, KEYS[1]
local P = string.sub(NET, 1, -4) -- the beginning of the network's keys
local T -- the same with the current epoch
local N -- the counters, an array; see keys.go
local was_logged, was_drained

-- The server's clock in µs since 1970; one moment in the whole script.
local now
local function clock()
  if not now then
    local t = call('TIME')
    now = t[1] * 1000000 + t[2]
  end
  return now
end

-- Is nothing running, held by a worker, or left to be popped by anybody?
local function is_drained()
  if N[RUNNING] > 0 or N[HELD] > 0 then return false end
  if N[LIMIT] <= 0 or N[TAKEN] < N[LIMIT] then return N[QUEUED] == 0 end
  return N[REQUEUED] == 0
end

-- Loads the counters; returns an error to be returned if that cannot be.
local function open()
  local k = call('HGET', NET, 'k')
  if not k then return redis.error_reply('RUSHNONE') end
  N = {struct.unpack(LAYOUT, k)}
  if N[VERSION] ~= SCHEMA then return redis.error_reply('RUSHSCHEMA ' .. N[VERSION]) end
  T = P .. N[EPOCH] .. ':'
  was_logged, was_drained = N[LOGGED], is_drained()
end

-- Stores the counters.
local function store()
  N[CHANGES] = N[CHANGES] + 1
  call('HSET', NET, 'k', struct.pack(LAYOUT, unpack(N)))
end
