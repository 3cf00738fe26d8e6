-- The settings of a run of a Trackio project, as versions before run_id wrote it: JSON, the newest last.
SELECT CAST(config AS TEXT) AS json FROM configs WHERE run_name = :run ORDER BY rowid;
