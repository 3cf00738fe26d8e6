CREATE VIEW removed_runs AS
-- The trash: runs that were removed and can be restored until they are deleted for good.
--   run             name it had; others may have it now
--   removed_at      when it was removed, UTC
-- Other columns: as in runs.
SELECT d.name AS run, r.state, m.name AS model, r.target, s.name AS subset, d.removed_at, r.uuid, r.run_id,
  'runs/' || coalesce((SELECT f.folder FROM run_folder f WHERE f.run_id = r.run_id), r.name) AS folder
FROM run_removed d
JOIN run r ON r.run_id = d.run_id
LEFT JOIN model m ON m.model_id = r.model_id
LEFT JOIN subset s ON s.subset_id = r.subset_id;
