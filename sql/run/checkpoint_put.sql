-- The weights kept of a run; the newest of a kind takes the place of the older.
INSERT INTO checkpoint (run_id, kind, attempt, epoch, step, path, sha256, file_sha256)
VALUES (:run_id, :kind, :attempt, :epoch, :step, :path, :sha256, :file_sha256)
ON CONFLICT (run_id, kind) DO UPDATE SET attempt = excluded.attempt, epoch = excluded.epoch, step = excluded.step,
  path = excluded.path, sha256 = excluded.sha256, file_sha256 = excluded.file_sha256, created_at = excluded.created_at;
