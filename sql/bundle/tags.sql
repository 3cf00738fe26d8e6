-- The tags of a run.
SELECT tag FROM run_tag WHERE run_id = :run_id ORDER BY tag;
