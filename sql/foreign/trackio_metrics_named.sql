-- The metrics of a run of a Trackio project, as versions before run_id wrote it: JSON of each row, by step and then in the order of writing.
SELECT step, CAST(metrics AS TEXT) AS json FROM metrics WHERE run_name = :run ORDER BY step, rowid;
