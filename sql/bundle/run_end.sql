-- What became of it.
UPDATE run SET state = :state, epochs = :epochs, best_epoch = :best_epoch, seconds = :seconds, started_at = :started_at,
  ended_at = :ended_at
WHERE run_id = :run_id
RETURNING run_id;
