-- The evaluations of a run, of the weights that it keeps; of a run that was imported, all.
SELECT e.evaluation_id, e.subset_id, e.seed, e.weights_sha256, e.created_at, f.file, f.answers_only
FROM evaluation e
JOIN run r ON r.run_id = e.run_id
LEFT JOIN evaluation_file f ON f.evaluation_id = e.evaluation_id
WHERE e.run_id = :run_id AND (r.origin <> 'trained' OR EXISTS (SELECT 1 FROM checkpoint k WHERE k.run_id = e.run_id AND k.kind = 'best'
  AND e.weights_sha256 IN (k.sha256, k.file_sha256)))
ORDER BY e.evaluation_id;
