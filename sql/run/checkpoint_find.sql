-- The weights of a run.
SELECT kind, path, attempt, epoch, step, sha256 FROM checkpoint WHERE run_id = :run_id AND kind = :kind;
