-- Runs in state running, with what their rows say of how far they came.
SELECT r.run_id, r.name, coalesce((SELECT f.folder FROM run_folder f WHERE f.run_id = r.run_id), r.name) AS folder,
  (SELECT coalesce(max(m.epoch), 0) FROM metric m WHERE m.run_id = r.run_id) AS epochs,
  (SELECT nullif(k.epoch, 0) FROM checkpoint k WHERE k.run_id = r.run_id AND k.kind = 'best') AS best_epoch,
  (SELECT coalesce(sum(m.value), 0) FROM metric m WHERE m.run_id = r.run_id AND m.attempt = r.attempt AND m.name = 'seconds')
    AS seconds
FROM run r
WHERE r.state = 'running'
ORDER BY r.run_id;
