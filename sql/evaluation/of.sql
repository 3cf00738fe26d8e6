-- The evaluations of a run, those of weights that it still keeps before others, the newest first. Weights that an earlier version
-- wrote are known by their file's hash. An imported run has no weights, and keeps what was
-- imported; the members of an ensemble are finished, and keep theirs.
SELECT e.evaluation_id, e.run_id, e.subset_id, (SELECT count(*) FROM prediction p WHERE p.evaluation_id = e.evaluation_id)
    AS predictions, s.name AS subset, s.part, e.created_at,
  (r.origin <> 'trained' OR EXISTS (SELECT 1 FROM checkpoint k WHERE k.run_id = e.run_id AND k.kind = 'best'
          AND e.weights_sha256 IN (k.sha256, k.file_sha256))) AS weights_kept,
  f.file, f.answers_only
FROM evaluation e
JOIN run r ON r.run_id = e.run_id
LEFT JOIN evaluation_file f ON f.evaluation_id = e.evaluation_id
JOIN subset s ON s.subset_id = e.subset_id
WHERE e.run_id = :run_id
ORDER BY weights_kept DESC, e.evaluation_id DESC;
