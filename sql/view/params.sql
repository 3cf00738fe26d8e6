CREATE VIEW params AS
-- The settings of every run, one per row.
--   param           name of the setting: learning_rate, batch, ...
--   value           its value, as text
-- Other columns: as in runs.
SELECT r.name AS run, p.name AS param, p.value, p.run_id
FROM param p
JOIN run r ON r.run_id = p.run_id
WHERE NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = r.run_id);
