-- Where a run is from.
INSERT INTO run_bundle (run_id, file, sha256, project, program, made_at) VALUES (:run_id, :file, :sha256, :project, :program, :made_at);
