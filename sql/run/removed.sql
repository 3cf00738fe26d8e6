-- The trash, ensembles before their members and otherwise the oldest run first; with :name that run, by the name it had, its uuid or the beginning of one.
SELECT d.run_id, d.name AS run, r.uuid, coalesce(f.folder, r.name) AS folder, r.state, d.removed_at,
  EXISTS (SELECT 1 FROM run o LEFT JOIN run_folder g ON g.run_id = o.run_id
          WHERE o.run_id <> d.run_id AND coalesce(g.folder, o.name) = coalesce(f.folder, r.name)) AS shared,
  (SELECT group_concat(o.name, ', ') FROM run o WHERE o.parent_run_id = r.run_id
          AND NOT EXISTS (SELECT 1 FROM run_removed t WHERE t.run_id = o.run_id)) AS repeated_by
FROM run_removed d
JOIN run r ON r.run_id = d.run_id
LEFT JOIN run_folder f ON f.run_id = d.run_id
WHERE :name IS NULL OR d.name = :name OR (length(:name) >= 4 AND substr(r.uuid, 1, length(:name)) = lower(:name))
ORDER BY r.origin = 'ensemble' DESC, d.run_id;
