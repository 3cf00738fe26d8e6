-- The weights of a run.
SELECT run_id, kind, path, attempt, epoch, step, sha256, file_sha256 FROM checkpoint WHERE run_id = :run_id AND kind = :kind;
