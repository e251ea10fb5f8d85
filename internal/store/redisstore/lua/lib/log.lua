-- The network's log. Uses network.

-- Appends an entry.
local function log_entry(time, worker, task, kind, level, logger, message, attrs)
  call('XADD', T .. ENTRIES, 'MAXLEN', call('HGET', NET, 'lk') or LOGKEEP, '0-*', 's', string.format('%d', time),
    'w', worker, 't', task, 'k', kind, 'l', level, 'g', logger, 'm', message, 'a', attrs)
end

-- Wakes all who wait for entries.
local function log_wake()
  for _, id in ipairs(call('SMEMBERS', P .. LOGREADERS)) do waking().token(P .. WAKELOG .. id) end
  call('DEL', P .. LOGREADERS)
end

-- Appends an event in the life of a worker, or of the network if it is ''.
local function log_event(worker, level, message, attrs)
  log_entry(clock(), worker, -1, 'event', level, '', message, next(attrs) and cmsgpack.pack(attrs) or '')
  log_wake()
end

-- Puts the ids of workers into the order of registration, in which events are
-- told. Those that are not known are left out.
local function by_registration(ids)
  local at, known = {}, {}
  for _, id in ipairs(ids) do
    local place = not at[id] and call('ZSCORE', P .. WORKERS, id)
    if place then at[id], known[#known + 1] = tonumber(place), id end
  end
  table.sort(known, function(a, b) return at[a] < at[b] end)
  return known
end

-- The offset behind the last entry, and that of the first.
local function log_bounds()
  local last = call('XREVRANGE', T .. ENTRIES, '+', '-', 'COUNT', 1)[1]
  if not last then return 0, 0 end
  local first = call('XRANGE', T .. ENTRIES, '-', '+', 'COUNT', 1)[1]
  return tonumber(string.sub(last[1], 3)), tonumber(string.sub(first[1], 3)) - 1
end

-- Makes a function that says whether an entry's fields, as they are stored,
-- pass a filter: MessagePack, or empty.
local function log_filter(packed)
  if packed == '' then return function() return true end end
  local f = cmsgpack.unpack(packed)
  local function set(list)
    if not list then return nil end
    local s = {}
    for _, v in ipairs(list) do s[tostring(v)] = true end
    return s
  end
  local workers, tasks, kinds = set(f.w), set(f.t), set(f.k)
  local function told(logger)
    for _, name in ipairs(f.g) do
      local after = string.sub(logger, #name + 1, #name + 1)
      if string.sub(logger, 1, #name) == name and (name == '' or after == '' or after == '/' or after == '.') then return true end
    end
    return false
  end
  return function(e) -- s time w worker t task k kind l level g logger m message a attrs
    return (not f.l or tonumber(e[10]) >= f.l) and (not kinds or kinds[e[8]]) and (not workers or workers[e[4]])
      and (not tasks or tasks[e[6]]) and (not f.g or told(e[12]))
  end
end

-- What of an entry is answered: its offset and its values.
local function log_row(e)
  local v = e[2]
  return {tonumber(string.sub(e[1], 3)) - 1, v[2], v[4], v[6], v[8], v[10], v[12], v[14], v[16]}
end
