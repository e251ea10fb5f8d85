#!lua
--#use network messages log once
-- Sends a message to workers that are alive.
--
-- KEYS[1] the network
-- ARGV[1] the call's nonce
-- ARGV[2] command and ARGV[3] argument
-- ARGV[4] 1 for all who are alive
-- ARGV[5...] else the workers
-- returns its number, or 0 if nobody is alive, and those who got it
-- invariant: each of them has it in its mail, and owes a response
local err = open()
if err then return err end
local nonce = string.format('%d:', N[BORN]) .. ARGV[1] -- another network may have the same id later
local was = answered(nonce)
if was then return was end
local to = {}
if ARGV[4] == '1' then
  to = call('ZRANGE', P .. ALIVE, 0, -1)
else
  local seen = {}
  for i = 5, #ARGV do
    local id = ARGV[i]
    if not seen[id] and call('ZSCORE', P .. ALIVE, id) then to[#to + 1] = id end
    seen[id] = true
  end
end
local id = #to > 0 and messages().send(to, ARGV[2], ARGV[3]) or 0
for _, worker in ipairs(by_registration(id > 0 and to or {})) do
  log_event(worker, 0, 'message', {command = ARGV[2], id = id})
end
return answer(nonce, {id, to})
