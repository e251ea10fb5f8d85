-- Making a network. Uses network.

-- Makes the network if there is none.
local function make()
  if call('EXISTS', P .. COUNTS) == 1 then return end
  -- A network of this id may still be on its way out.
  local epoch = 0
  for _, e in ipairs(call('HKEYS', P .. TRASH)) do epoch = math.max(epoch, e + 1) end
  N = {struct.unpack(LAYOUT, string.rep('\0', 8 * COUNTERS))}
  N[VERSION], N[BORN], N[EPOCH] = SCHEMA, clock(), epoch
  save()
end
