-- The metrics of a run of an MLflow store: by name, step and time, and whether a name has several values that were all
-- logged without a step, which MLflow keeps as step 0.
SELECT m.key AS key, m.step AS step, CASE WHEN m.is_nan THEN NULL ELSE m.value END AS value, k.unstepped AS unstepped
FROM metrics m JOIN (SELECT key, min(step) = 0 AND max(step) = 0 AND count(*) > 1 AS unstepped
                     FROM metrics WHERE run_uuid = :run_uuid GROUP BY key) k ON k.key = m.key
WHERE m.run_uuid = :run_uuid
ORDER BY m.key, m.step, m.timestamp, m.rowid;
