-- What runs there are, the newest first.
SELECT name FROM run WHERE run_id NOT IN (SELECT run_id FROM run_removed) ORDER BY run_id DESC LIMIT 100;
