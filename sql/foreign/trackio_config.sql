-- The settings of a run of a Trackio project: JSON, the newest last.
SELECT CAST(config AS TEXT) AS json FROM configs WHERE run_id = :run ORDER BY rowid;
