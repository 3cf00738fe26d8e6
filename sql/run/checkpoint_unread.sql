-- Weights whose numbers' hash is not known: an earlier version wrote them.
SELECT run_id, kind, path, attempt, epoch, step, sha256, file_sha256 FROM checkpoint WHERE sha256 IS NULL ORDER BY run_id;
