-- A run is measured on a subset.
INSERT INTO evaluation (run_id, subset_id, seed, weights_sha256) VALUES (:run_id, :subset_id, :seed, :weights_sha256)
RETURNING evaluation_id;
