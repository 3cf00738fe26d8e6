-- A run without its note.
DELETE FROM run_note WHERE run_id = :run_id;
