-- What a run was measured to be, with the predictions.
DELETE FROM evaluation WHERE run_id = :run_id;
