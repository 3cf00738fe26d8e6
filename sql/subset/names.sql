-- What subsets there are, the newest first.
SELECT name FROM subset ORDER BY subset_id DESC LIMIT 100;
