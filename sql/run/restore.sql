-- Out of the trash; the run has its name by then.
DELETE FROM run_removed WHERE run_id = :run_id;
