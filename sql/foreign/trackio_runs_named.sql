-- The runs of a Trackio project, as versions before run_id wrote it: by their first row. What a row says of its time is text.
SELECT run_name AS id, substr(max(run_name), 1, 250) AS name, NULL AS experiment, 'finished' AS state,
  1000 * CAST(strftime('%s', min(at)) AS INTEGER) AS started_ms, 1000 * CAST(strftime('%s', max(at)) AS INTEGER) AS ended_ms
FROM (SELECT run_name, run_name, timestamp AS at FROM metrics UNION ALL SELECT run_name, run_name, created_at FROM configs)
WHERE :run IS NULL OR run_name = :run OR run_name = :run
GROUP BY run_name
ORDER BY started_ms, run_name
LIMIT :most;
