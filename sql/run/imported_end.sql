-- An imported run ended: its epochs are those that were logged, and the best one is its setting best_epoch.
UPDATE run SET state = :state, ended_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now'),
  epochs = (SELECT max(m.epoch) FROM metric m WHERE m.run_id = run.run_id),
  best_epoch = (SELECT CAST(p.value AS INTEGER) FROM param p
                WHERE p.run_id = run.run_id AND p.name = 'best_epoch' AND p.value GLOB '[1-9]*'
                  AND CAST(p.value AS INTEGER) <= (SELECT max(m.epoch) FROM metric m WHERE m.run_id = run.run_id))
WHERE run_id = :run_id AND origin = 'imported'
RETURNING run_id;
