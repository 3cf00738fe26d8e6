-- What runs there are, the newest first.
SELECT name FROM run ORDER BY run_id DESC LIMIT 100;
