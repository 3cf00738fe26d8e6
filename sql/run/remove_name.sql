-- The name of a removed run is free for others.
UPDATE run SET name = 'removed-' || uuid WHERE run_id = :run_id;
