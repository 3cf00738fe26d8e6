CREATE VIEW confusion AS
-- How often each class was called what, by the newest evaluation of each run on each subset.
--   count           how many variants of that truth were predicted so
-- Other columns: as in predictions.
SELECT r.name AS run, s.name AS subset, p.truth, p.predicted,
  json_extract(r.classes, '$[' || p.truth || ']') AS truth_class,
  json_extract(r.classes, '$[' || p.predicted || ']') AS predicted_class,
  count(*) AS count, p.evaluation_id,
  (r.origin <> 'trained' OR EXISTS (SELECT 1 FROM checkpoint k WHERE k.run_id = e.run_id AND k.kind = 'best'
          AND e.weights_sha256 IN (k.sha256, k.file_sha256))) AS weights_kept
FROM prediction p
JOIN evaluation e ON e.evaluation_id = p.evaluation_id
JOIN run r ON r.run_id = e.run_id
JOIN subset s ON s.subset_id = e.subset_id
WHERE p.truth IS NOT NULL AND NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = r.run_id)
  AND e.evaluation_id = (SELECT max(n.evaluation_id) FROM evaluation n
                                                 WHERE n.run_id = e.run_id AND n.subset_id = e.subset_id)
GROUP BY p.evaluation_id, p.truth, p.predicted, r.name, s.name;  -- so that one run's is looked for before it is counted
