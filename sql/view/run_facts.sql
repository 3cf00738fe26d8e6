CREATE VIEW run_facts AS
-- What is known about every run, one fact per row.
--   section         run, setting, metric, evaluation, file
--   name            of the fact: state, learning_rate, val loss, the subset that was evaluated, a kind of file
--   value           as text; of a metric at the epoch whose weights were kept
-- Other columns: as in runs.
SELECT r.run, 'run' AS section, j.key AS name, CAST(j.value AS TEXT) AS value, r.run_id
FROM runs r
JOIN json_each(json_object('uuid', r.uuid, 'origin', nullif(r.origin, 'trained'), 'members', r.members, 'views', r.views, 'state', r.state, 'trouble', r.trouble, 'tags', r.tags, 'note', r.note, 'parent', r.parent, 'model', r.model,
  'target', r.target, 'classes', r.classes, 'subset', r.subset, 'val_subset', r.val_subset, 'split', r.split, 'recipe', r.recipe,
  'seed', r.seed, 'attempts', r.attempts, 'epochs', r.epochs, 'best_epoch', r.best_epoch, 'seconds', r.seconds,
  'created_at', r.created_at, 'started_at', r.started_at, 'ended_at', r.ended_at, 'host', r.host, 'cpu', r.cpu, 'isa', r.isa,
  'threads', r.threads, 'program_version', r.program_version, 'program_commit', r.program_commit, 'command_line', r.command_line,
  'folder', r.folder)) j
WHERE j.value IS NOT NULL
UNION ALL
SELECT r.run, 'run', 'from', 'project ' || b.project || ', by bundle ' || b.file || ' of ' || b.made_at || ', imported ' || b.imported_at,
  r.run_id
FROM runs r JOIN run_bundle b ON b.run_id = r.run_id
UNION ALL
SELECT p.run, 'setting', p.param, p.value, p.run_id FROM params p WHERE p.param <> 'trouble'
UNION ALL
SELECT m.run, 'metric', trim(m.part || ' ' || m.metric), CAST(m.value AS TEXT), m.run_id
FROM metrics m
JOIN run r ON r.run_id = m.run_id
LEFT JOIN checkpoint k ON k.run_id = m.run_id AND k.kind = 'best'
WHERE m.part <> '' AND m.value IS NOT NULL AND m.epoch = coalesce(k.epoch, r.best_epoch)
  AND m.attempt = (SELECT max(n.attempt) FROM metric n
                   WHERE n.run_id = m.run_id AND n.part = m.part AND n.name = m.metric AND n.epoch = m.epoch)
UNION ALL
SELECT e.run, 'evaluation', e.subset, e.predictions || ' predictions, ' || e.created_at ||
  CASE e.weights_kept WHEN 0 THEN ', of weights that it replaced since' ELSE '' END ||
  coalesce(', imported from ' || e.file, '') || CASE e.answers_only WHEN 1 THEN ', answers without probabilities' ELSE '' END, e.run_id
FROM evaluations e WHERE e.newest = 1
UNION ALL
SELECT r.run, 'file', k.kind || ' weights', k.path || ', epoch ' || k.epoch || coalesce(', sha256 ' || k.sha256, ''), r.run_id
FROM runs r JOIN checkpoint k ON k.run_id = r.run_id
UNION ALL
SELECT r.run, 'file', a.kind, a.path, r.run_id FROM runs r JOIN artifact a ON a.run_id = r.run_id;
