#!lua flags=no-writes
--#use network
-- Reads hashes.
--
-- KEYS[1] the network
-- ARGV[1] how many fields to read; -1 is all
-- ARGV[2...] these fields, then the keys
-- returns for each key an array of fields and values, false for a value that it
--   does not have; false if there is no such hash
local err = open()
if err then return err end
local n, rows = tonumber(ARGV[1]), {}
local names = {}
for i = 1, n do names[i] = ARGV[i + 1] end
for i = 2 + math.max(n, 0), #ARGV do
  local key, row = T .. HASH .. ARGV[i], false
  if call('EXISTS', key) == 1 then
    if n < 0 then
      row = call('HGETALL', key)
    else
      row = {}
      for j, name in ipairs(names) do
        row[2 * j - 1], row[2 * j] = name, call('HGET', key, name)
      end
    end
  end
  rows[#rows + 1] = row
end
return cmsgpack.pack(rows)
