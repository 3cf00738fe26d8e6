-- All of a run.
SELECT r.run_id, r.parent_run_id, r.model_id, r.subset_id, r.val_subset_id, s.split_id, r.recipe_id, r.uuid, r.name, coalesce(f.folder, r.name) AS folder, r.state,
  coalesce(m.name, r.origin) AS model, m.spec, s.name AS subset, v.name AS val_subset, p.name AS split,
  c.text AS recipe, r.target, r.classes, r.seed, r.attempt, r.epochs, r.best_epoch, r.host, r.cpu,
  r.isa, r.program_version, r.program_commit, r.command_line, r.threads, r.created_at, r.started_at, r.ended_at, r.seconds, r.origin
FROM run r
LEFT JOIN model m ON m.model_id = r.model_id
LEFT JOIN subset s ON s.subset_id = r.subset_id
LEFT JOIN recipe c ON c.recipe_id = r.recipe_id
LEFT JOIN subset v ON v.subset_id = r.val_subset_id
LEFT JOIN split p ON p.split_id = s.split_id
LEFT JOIN run_folder f ON f.run_id = r.run_id
WHERE r.run_id = :run_id;
