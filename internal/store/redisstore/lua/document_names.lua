#!lua flags=no-writes
--#use network
-- Lists the documents.
--
-- KEYS[1] the network
-- returns their names, in no order
local err = open()
if err then return err end
return cmsgpack.pack(call('HKEYS', P .. DOCUMENTS))
