-- What splits there are, the newest first.
SELECT name FROM split ORDER BY split_id DESC LIMIT 100;
