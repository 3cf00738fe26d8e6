-- The note of a run.
SELECT text FROM run_note WHERE run_id = :run_id;
