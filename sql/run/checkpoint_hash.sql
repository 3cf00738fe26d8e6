-- The hash of weights that were read.
UPDATE checkpoint SET sha256 = :sha256 WHERE run_id = :run_id AND kind = :kind AND sha256 IS NULL;
