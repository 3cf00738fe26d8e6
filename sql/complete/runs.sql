-- The names of the runs, the newest first.
SELECT name FROM run ORDER BY run_id DESC;
