-- Whether an evaluation is there already.
SELECT evaluation_id FROM evaluation
WHERE run_id = :run_id AND subset_id = :subset_id AND seed = :seed AND weights_sha256 = :weights_sha256 AND created_at = :created_at;
