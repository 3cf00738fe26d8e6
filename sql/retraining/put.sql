-- A retraining is begun.
INSERT INTO retraining (run_id, name, chosen, query, split_id, subset_id, photographs, patients, kept_out, rejected)
VALUES (:run_id, :name, :chosen, :query, :split_id, :subset_id, :photographs, :patients, :kept_out, :rejected)
RETURNING retraining_id;
