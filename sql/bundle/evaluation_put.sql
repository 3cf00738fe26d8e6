-- An evaluation that was made in another project, at its time there.
INSERT INTO evaluation (run_id, subset_id, seed, weights_sha256, created_at)
VALUES (:run_id, :subset_id, :seed, :weights_sha256, :created_at)
RETURNING evaluation_id;
