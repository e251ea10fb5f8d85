-- The workers' indexes of running tasks: read once, changed in R, stored by
-- save_workers. Uses network.

local R, changed = {}, {}

local function alive(state) return state == 'running' or state == 'paused' end

local function running(worker)
  if not R[worker] then R[worker] = call('HGET', P .. WORKER .. worker, 'r') or '' end
  return R[worker]
end

local function assign(worker, n)
  local r = running(worker)
  R[worker] = (r == '' and ',' or r) .. n .. ','
  changed[worker] = true
end

local function unassign(worker, n)
  local r = running(worker)
  local i, j = string.find(r, ',' .. n .. ',', 1, true)
  if not i then return end
  r = string.sub(r, 1, i) .. string.sub(r, j + 1)
  R[worker] = r == ',' and '' or r
  changed[worker] = true
end

local function save_workers()
  for worker in pairs(changed) do call('HSET', P .. WORKER .. worker, 'r', R[worker]) end
end
