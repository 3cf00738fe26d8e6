-- A run without a tag that it had.
DELETE FROM run_tag WHERE run_id = :run_id AND tag = :tag RETURNING run_id;
