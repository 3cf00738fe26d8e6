-- How many runs there are.
SELECT count(*) FROM run WHERE run_id NOT IN (SELECT run_id FROM run_removed);
