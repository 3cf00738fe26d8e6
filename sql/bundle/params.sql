-- The settings of a run.
SELECT name, value FROM param WHERE run_id = :run_id ORDER BY name;
