-- Waiting for documents and definitions. Uses network.

-- Has a waiter told of the next change, and prepares it to block.
local function await_documents(id)
  if id == '' then return end
  call('DEL', P .. WAKEDOCUMENT .. id)
  call('SADD', P .. DOCREADERS, id)
end

-- Forgets a waiter that has what it waited for.
local function got_documents(id)
  if id ~= '' then call('SREM', P .. DOCREADERS, id) end
end

-- Wakes all who wait.
local function wake_documents()
  for _, id in ipairs(call('SMEMBERS', P .. DOCREADERS)) do waking().token(P .. WAKEDOCUMENT .. id) end
  call('DEL', P .. DOCREADERS)
end
