-- The samples of a pack are lost with its file.
DELETE FROM sample WHERE pack_id = :pack_id;
