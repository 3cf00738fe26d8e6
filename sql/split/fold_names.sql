-- What partitions into folds there are, the newest first.
SELECT name FROM fold GROUP BY name ORDER BY max(split_id) DESC LIMIT 100;
