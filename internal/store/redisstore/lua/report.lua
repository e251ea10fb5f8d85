#!lua
--#use network
-- Keeps what a running task had after a step.
--
-- KEYS[1] the network
-- ARGV[1] number
-- ARGV[2] attempt, or 0 for the current one
-- ARGV[3] step
-- ARGV[4] ys
-- errors RUSHNOTASK number, RUSHSTATE number
-- invariant: the steps fall, and each is there once
local err = open()
if err then return err end
local key = T .. ARGV[1]
local was = call('HMGET', key, 'h', 'R')
if not was[1] then return redis.error_reply('RUSHNOTASK ' .. ARGV[1]) end
local state, attempt = string.match(was[1], '^(%a)(%d+)')
if state ~= 'r' or ARGV[2] ~= '0' and ARGV[2] ~= attempt then return redis.error_reply('RUSHSTATE ' .. ARGV[1]) end

-- The last step comes first, as the next one is mostly larger: the new report
-- goes between the bytes before and after, nearly always before all.
local step, old, before, after = tonumber(ARGV[3]), was[2] or '', 0, 0
while after < #old do
  local rest, report = cmsgpack.unpack_one(old, after)
  if rest == -1 then rest = #old end
  if report[1] < step then break end
  if report[1] == step then
    if report[2] == ARGV[4] then return 0 end
    after = rest
    break
  end
  before, after = rest, rest
end
local new = cmsgpack.pack({step, ARGV[4]})
call('HSET', key, 'R', string.sub(old, 1, before) .. new .. string.sub(old, after + 1))
return 1
