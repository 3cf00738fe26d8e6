-- The run whose files are in a folder.
SELECT r.run_id FROM run r LEFT JOIN run_folder f ON f.run_id = r.run_id WHERE coalesce(f.folder, r.name) = :folder LIMIT 1;
