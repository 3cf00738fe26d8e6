-- The value of a metric at a step, where it is there.
SELECT value FROM metric WHERE run_id = :run_id AND part = :part AND name = :name AND attempt = :attempt AND step = :step;
