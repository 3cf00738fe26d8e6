-- The names of an MLflow store's experiments, for a message.
SELECT substr(group_concat(name, ', '), 1, 300) FROM (SELECT substr(name, 1, 100) AS name FROM experiments ORDER BY experiment_id LIMIT 8);
