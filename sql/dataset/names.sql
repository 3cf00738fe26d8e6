-- What datasets there are, the newest first.
SELECT name FROM dataset ORDER BY dataset_id DESC LIMIT 100;
