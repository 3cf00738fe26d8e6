-- A file made of a run, new or made again.
INSERT INTO artifact (run_id, kind, path, sha256) VALUES (:run_id, :kind, :path, :sha256)
ON CONFLICT (run_id, kind, path) DO UPDATE SET sha256 = excluded.sha256, created_at = excluded.created_at;
