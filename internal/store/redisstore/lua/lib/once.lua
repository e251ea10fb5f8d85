-- Answering a repeat. Uses network.

-- The answer of an earlier call with this nonce, or nil.
local function answered(nonce) return call('GET', P .. ONCE .. nonce) or nil end

-- Keeps the answer of a call for its repeat, and returns it.
local function answer(nonce, reply)
  local packed = cmsgpack.pack(reply)
  call('SET', P .. ONCE .. nonce, packed, 'EX', KEEP)
  return packed
end
