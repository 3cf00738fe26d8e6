-- The newest run that was stopped before it finished.
SELECT max(run_id) FROM run WHERE state IN ('interrupted', 'failed') AND origin = 'trained'
  AND run_id NOT IN (SELECT run_id FROM run_removed)
HAVING max(run_id) IS NOT NULL;
