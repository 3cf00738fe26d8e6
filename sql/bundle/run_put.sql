-- A run that came in a bundle, not ended yet: its rows follow.
INSERT INTO run (uuid, name, parent_run_id, model_id, subset_id, val_subset_id, recipe_id, target, classes, seed, state, attempt, host,
  cpu, isa, threads, program_version, program_commit, command_line, created_at, origin)
VALUES (:uuid, :name, :parent_run_id, :model_id, :subset_id, :val_subset_id, :recipe_id, :target, :classes, :seed, 'created', :attempt,
  :host, :cpu, :isa, :threads, :program_version, :program_commit, :command_line, :created_at, :origin)
RETURNING run_id;
