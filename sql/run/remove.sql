-- Into the trash.
INSERT INTO run_removed (run_id, name) SELECT run_id, name FROM run WHERE run_id = :run_id;
