-- The network's hash: counters, loaded by open, changed in N, stored by save.

local call = redis.call
local NET = KEYS[1]
local T -- the beginning of the keys of the current epoch

local COUNTERS = {
  'e', 'nx', 'nc', 'nd', 'df', 'qu', 'tq', 'ru', 'fi', 'fa', 'cl', 'tk', 'lg', 'la', 'L', 'R', 'sp', 'iw', 'rw', 'ch',
}
local N, before = {}, {}

-- The server's clock in µs since 1970; one moment in the whole script.
local now
local function clock()
  if not now then
    local t = call('TIME')
    now = t[1] * 1000000 + t[2]
  end
  return now
end

-- Writes an integer in full: .. writes large ones with an exponent.
local function int(x) return string.format('%.0f', x) end

-- Loads the counters; returns an error to be returned if that cannot be.
local function open()
  local v = call('HMGET', NET, 'v', unpack(COUNTERS))
  if not v[1] then return redis.error_reply('RUSHNONE') end
  if v[1] ~= SCHEMA then return redis.error_reply('RUSHSCHEMA ' .. v[1]) end
  for i = 1, #COUNTERS do
    local x = tonumber(v[i + 1]) or 0
    N[COUNTERS[i]], before[COUNTERS[i]] = x, x
  end
  T = P .. int(N.e) .. ':'
end

-- Makes the network if there is none.
local function make()
  if call('EXISTS', NET) == 1 then return end
  -- A network of this id may still be on its way out.
  local epoch = 0
  for _, e in ipairs(call('HKEYS', P .. TRASH)) do epoch = math.max(epoch, e + 1) end
  call('HSET', NET, 'v', SCHEMA, 'c', clock(), 'e', epoch)
end

-- Has the budget room for another task?
local function room() return N.L <= 0 or N.tk < N.L end

-- Is nothing running, held by a worker, or left to be popped by anybody?
local function is_drained(c)
  if c.ru > 0 or c.cl > 0 then return false end
  if c.L <= 0 or c.tk < c.L then return c.qu == 0 end
  return c.tq == 0
end
