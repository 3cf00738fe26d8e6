-- The runs of an MLflow store that were not deleted, oldest first.
SELECT r.run_uuid AS id,
  substr(coalesce(nullif(r.name, ''), (SELECT t.value FROM tags t WHERE t.run_uuid = r.run_uuid AND t.key = 'mlflow.runName')), 1, 250) AS name,
  substr(e.name, 1, 250) AS experiment,
  CASE r.status WHEN 'FINISHED' THEN 'finished' WHEN 'FAILED' THEN 'failed' WHEN 'KILLED' THEN 'interrupted' ELSE 'created' END AS state,
  r.start_time AS started_ms, r.end_time AS ended_ms
FROM runs r JOIN experiments e ON e.experiment_id = r.experiment_id
WHERE r.lifecycle_stage = 'active' AND (:experiment IS NULL OR e.name = :experiment)
  AND (:run IS NULL OR r.run_uuid = :run OR r.name = :run)
ORDER BY r.start_time, r.run_uuid
LIMIT :most;
