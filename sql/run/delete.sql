-- A run with its settings, metrics and checkpoints.
DELETE FROM run WHERE run_id = :run_id;
