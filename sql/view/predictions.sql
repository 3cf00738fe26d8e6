CREATE VIEW predictions AS
-- What a model said of a variant, by the newest evaluation of each run on each subset; older ones are in the tables.
--   run             name of the run whose model it was
--   subset          name of the subset it was evaluated on
--   part            part of that subset: train, val, test; NULL: several, or no split
--   truth           the true class, counted from 0 in the order of the run's classes; NULL: not known
--   predicted       the class the model gave it, counted alike
--   truth_class     the true class as a value of the target
--   predicted_class the predicted class as a value of the target
--   p               the probability given to the truth, 0..1; NULL: the truth is not known
--   score           of two classes the probability of the last, 0..1; else the expected class
--   probabilities   of all classes, 0..1, a JSON array
--   target          what the run learned: SQL over the view variants
--   evaluation_id   number of the row in the table evaluation
--   run_id          number of the row in the table run
--   weights_kept    1: by weights that the run keeps, imported, or of an ensemble; 0: it replaced them since, and this is not what its model says
-- Other columns: as in variants.
SELECT r.name AS run, s.name AS subset, s.part, i.name AS image, i.patient,
  CASE WHEN v.mirror = 0 THEN i.eye WHEN i.eye = 'left' THEN 'right' WHEN i.eye = 'right' THEN 'left' END AS eye,
  (SELECT l.grade FROM label l WHERE l.image_id = i.image_id AND l.scheme = 'icdr'
   ORDER BY l.import_id DESC LIMIT 1) AS grade,
  p.truth, p.predicted,
  json_extract(r.classes, '$[' || p.truth || ']') AS truth_class,
  json_extract(r.classes, '$[' || p.predicted || ']') AS predicted_class,
  json_extract(p.probabilities, '$[' || p.truth || ']') AS p,
  p.score,
  p.probabilities, v.mirror, v.rotation, r.target, p.variant_id, p.evaluation_id, r.run_id,
  d.name AS dataset,
  (r.origin <> 'trained' OR EXISTS (SELECT 1 FROM checkpoint k WHERE k.run_id = e.run_id AND k.kind = 'best'
          AND e.weights_sha256 IN (k.sha256, k.file_sha256))) AS weights_kept
FROM prediction p
JOIN evaluation e ON e.evaluation_id = p.evaluation_id
JOIN run r ON r.run_id = e.run_id
JOIN subset s ON s.subset_id = e.subset_id
JOIN variant v ON v.variant_id = p.variant_id
JOIN image i ON i.image_id = v.image_id
LEFT JOIN dataset d ON d.dataset_id = i.dataset_id
WHERE e.evaluation_id = (SELECT max(n.evaluation_id) FROM evaluation n
                         WHERE n.run_id = e.run_id AND n.subset_id = e.subset_id)
  AND NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = r.run_id);
