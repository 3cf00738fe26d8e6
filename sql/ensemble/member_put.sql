-- The next member of an ensemble.
INSERT INTO ensemble_member (run_id, position, member_run_id) VALUES (:run_id, :position, :member_run_id);
