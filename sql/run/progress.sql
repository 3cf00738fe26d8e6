-- How far each run came that trains now, and each that ended in the last :recent seconds: the running ones first, the oldest first.
SELECT r.run_id, r.name, coalesce(f.folder, r.name) AS folder, r.state, r.attempt,
  (SELECT coalesce(max(m.epoch), 0) FROM metric m WHERE m.run_id = r.run_id) AS epochs,
  (SELECT CAST(a.value AS INTEGER) FROM param a WHERE a.run_id = r.run_id AND a.name = 'epochs') AS max_epochs,
  CASE r.state WHEN 'running'
    THEN (SELECT nullif(k.epoch, 0) FROM checkpoint k WHERE k.run_id = r.run_id AND k.kind = 'best')
    ELSE r.best_epoch END AS best_epoch,
  (SELECT count(*) FROM metric m WHERE m.run_id = r.run_id AND m.attempt = r.attempt AND m.name = 'seconds') AS attempt_epochs,
  (SELECT coalesce(sum(m.value), 0.0) FROM metric m WHERE m.run_id = r.run_id AND m.attempt = r.attempt AND m.name = 'seconds') AS attempt_seconds,
  (SELECT CAST(a.value AS INTEGER) FROM param a WHERE a.run_id = r.run_id AND a.name = 'memory_bytes') AS memory_bytes,
  coalesce(s.members, 0) AS members,
  CASE r.state WHEN 'running'
    THEN max(0.0, round((julianday('now') - julianday(r.started_at)) * 86400, 3)) ELSE r.seconds END AS seconds
FROM run r
LEFT JOIN run_folder f ON f.run_id = r.run_id
LEFT JOIN subset s ON s.subset_id = r.subset_id
WHERE r.origin = 'trained' AND NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = r.run_id)
  AND (r.state = 'running' OR (r.ended_at IS NOT NULL AND strftime('%s', 'now') - strftime('%s', r.ended_at) <= :recent))
ORDER BY r.state <> 'running', r.run_id;
