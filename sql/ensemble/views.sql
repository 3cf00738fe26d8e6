-- Whether an ensemble averages views.
SELECT views FROM ensemble WHERE run_id = :run_id;
