-- The run. Uses network.

-- Reads the run: status, reason, elapsed, started, ended; times in µs.
local function read_run()
  local v = call('HMGET', NET, 'rs', 'rr', 're', 'ra', 'rz', 'sr')
  local elapsed, started = tonumber(v[3] or 0), tonumber(v[4] or 0)
  local reason = v[2] or ''
  if v[1] == 'running' then
    elapsed = elapsed + clock() - started
    if N[STOPPED] == 1 then reason = v[6] end
  end
  return {v[1] or '', reason, elapsed, started, tonumber(v[5] or 0)}
end
