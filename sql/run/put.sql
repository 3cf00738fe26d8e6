-- A new run.
INSERT INTO run (uuid, name, parent_run_id, model_id, subset_id, val_subset_id, recipe_id, target, classes, seed, host, cpu, isa,
  threads, program_version, program_commit, command_line, origin)
VALUES (:uuid, :name, :parent_run_id, :model_id, :subset_id, :val_subset_id, :recipe_id, :target, :classes, :seed, :host, :cpu,
  :isa, :threads, :program_version, :program_commit, :command_line, :origin)
RETURNING run_id;
