-- What a run is and stays, whatever it is called and wherever it lies.
SELECT r.uuid, r.origin, r.target, r.classes, r.seed, r.attempt, r.host, r.cpu, r.isa, r.threads, r.program_version, r.program_commit,
  r.command_line, r.created_at, r.state, r.epochs, r.best_epoch, r.seconds, r.started_at, r.ended_at, m.name AS model, c.text AS recipe,
  k.attempt AS weights_attempt, k.epoch AS weights_epoch, k.step AS weights_step, k.sha256 AS weights_sha256,
  k.file_sha256 AS weights_file_sha256
FROM run r
LEFT JOIN model m ON m.model_id = r.model_id
LEFT JOIN recipe c ON c.recipe_id = r.recipe_id
LEFT JOIN checkpoint k ON k.run_id = r.run_id AND k.kind = 'best'
WHERE r.run_id = :run_id;
