-- An imported run as its own program left it. Times are in milliseconds since 1970 or NULL; epochs are those of its
-- metrics, and the best one is its setting best_epoch.
UPDATE run SET state = :state,
  started_at = strftime('%Y-%m-%dT%H:%M:%SZ', :started_ms / 1000, 'unixepoch'),
  ended_at = CASE WHEN :state = 'created' THEN NULL ELSE strftime('%Y-%m-%dT%H:%M:%SZ', :ended_ms / 1000, 'unixepoch') END,
  seconds = CASE WHEN :state <> 'created' AND :ended_ms >= :started_ms THEN (:ended_ms - :started_ms) / 1000.0 END,
  epochs = (SELECT max(m.epoch) FROM metric m WHERE m.run_id = run.run_id),
  best_epoch = (SELECT CAST(p.value AS INTEGER) FROM param p
                WHERE p.run_id = run.run_id AND p.name = 'best_epoch' AND p.value GLOB '[1-9]*'
                  AND CAST(p.value AS INTEGER) <= (SELECT max(m.epoch) FROM metric m WHERE m.run_id = run.run_id))
WHERE run_id = :run_id AND origin = 'imported'
RETURNING run_id;
