-- Runs outlive the one they repeat.
UPDATE run SET parent_run_id = NULL WHERE parent_run_id = :run_id;
