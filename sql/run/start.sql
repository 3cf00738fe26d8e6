-- A run is taken up.
UPDATE run SET state = 'running', attempt = attempt + 1, ended_at = NULL,
  started_at = coalesce(started_at, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
WHERE run_id = :run_id
RETURNING attempt;
