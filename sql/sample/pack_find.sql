-- A pack by its path.
SELECT pack_id FROM pack WHERE path = :path;
