CREATE VIEW runs AS
-- Every training that was not removed: network, data, machine, program, times.
--   run             name of the run
--   state           created, running, finished, interrupted, failed
--   model           name of its network; NULL: imported, or an ensemble
--   target          what it learned: SQL over the view variants
--   subset          name of the subset it was trained on; NULL: imported, and not known, or an ensemble
--   val_subset      name of the subset it was validated on; NULL: none
--   split           name of the split of its subset; NULL: none
--   recipe          how photographs became pixels: crop=retina size=256; NULL: imported, or an ensemble
--   seed            of all its random numbers; NULL: imported, or an ensemble
--   attempts        how often it was started
--   epochs          epochs that were completed
--   best_epoch      the epoch whose weights were kept, from 1
--   seconds         time it took, all attempts together, s
--   created_at      when it was registered, UTC
--   started_at      when its first attempt began, UTC
--   ended_at        when it ended, UTC
--   classes         the values of the target in the order of the outputs, a JSON array
--   parent          name of the run it continues or repeats; NULL: none
--   uuid            the same in every copy of the catalog
--   host            machine it was trained on
--   cpu             its processor
--   isa             instruction set of the kernels
--   threads         count of threads
--   program_version version of eyenet
--   program_commit  commit it was built from
--   command_line    the command, as it was typed
--   run_id          number of the row in the table run
--   augmentation    how its training images were distorted at random: flip rotate 15; none; NULL: not recorded
--   tags            words by which runs are found again, in order, parted by commas; NULL: none
--   note            what somebody wrote about it; NULL: nothing
--   settings        all its settings, a JSON object: settings ->> 'learning_rate'
--   folder          where its files are, relative to the project
--   origin          trained: here; imported: its predictions were made by another program, and there are no weights; ensemble: it asks its members
--   trouble         what is wrong with its kept weights: collapsed or diverged, when, and by what it shows; NULL: nothing is known
--   members         names of the runs that an ensemble asks, in their order, parted by commas; NULL: not an ensemble
--   views           1: the ensemble averages over mirrored and turned views of a photograph, too; 0: it does not; NULL: not an ensemble
SELECT r.name AS run, r.state, m.name AS model, r.target, s.name AS subset, v.name AS val_subset, p.name AS split,
  c.text AS recipe, CASE r.origin WHEN 'trained' THEN r.seed END AS seed, r.attempt AS attempts, r.epochs, r.best_epoch, r.seconds, r.created_at, r.started_at, r.ended_at,
  r.classes, b.name AS parent, r.uuid, r.host, r.cpu, r.isa, r.threads, r.program_version, r.program_commit, r.command_line,
  r.run_id, (SELECT a.value FROM param a WHERE a.run_id = r.run_id AND a.name = 'augmentation') AS augmentation,
  (SELECT group_concat(t.tag, ', ') FROM (SELECT tag FROM run_tag WHERE run_id = r.run_id ORDER BY tag) t) AS tags,
  (SELECT n.text FROM run_note n WHERE n.run_id = r.run_id) AS note,
  (SELECT json_group_object(a.name, a.value) FROM param a WHERE a.run_id = r.run_id) AS settings,
  'runs/' || coalesce((SELECT f.folder FROM run_folder f WHERE f.run_id = r.run_id), r.name) AS folder, r.origin,
  (SELECT a.value FROM param a WHERE a.run_id = r.run_id AND a.name = 'trouble') AS trouble,
  (SELECT group_concat(t.name, ', ') FROM (SELECT x.name FROM ensemble_member e JOIN run x ON x.run_id = e.member_run_id WHERE e.run_id = r.run_id ORDER BY e.position) t)
    AS members,
  (SELECT e.views FROM ensemble e WHERE e.run_id = r.run_id) AS views
FROM run r
LEFT JOIN model m ON m.model_id = r.model_id
LEFT JOIN subset s ON s.subset_id = r.subset_id
LEFT JOIN recipe c ON c.recipe_id = r.recipe_id
LEFT JOIN subset v ON v.subset_id = r.val_subset_id
LEFT JOIN split p ON p.split_id = s.split_id
LEFT JOIN run b ON b.run_id = r.parent_run_id
WHERE NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = r.run_id);
