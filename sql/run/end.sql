-- A run ended, one way or another.
UPDATE run SET state = :state, epochs = :epochs, best_epoch = :best_epoch, seconds = coalesce(seconds, 0) + :seconds,
  ended_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now')
WHERE run_id = :run_id
RETURNING run_id;
