CREATE VIEW evaluations AS
-- Every evaluation, the repeated ones, too: the history of what a run was measured to be.
--   predictions     count of its predictions
--   created_at      when it was made, UTC
--   weights_sha256  hash of the weights that were measured: of their numbers, or before version 9 of the catalog of their file; of an imported run, of the file with the predictions; of an ensemble, of the hashes of its members' weights
--   weights_kept    1: the run keeps these weights, or it was imported or is an ensemble; 0: it replaced them since, and what was measured is not the run's
--   newest          1: the newest of this run on this subset; 0: a newer one took its place
--   file            that the predictions were imported from; NULL: the run's weights made them
--   answers_only    1: that file has answers and no probabilities, which are 0 or 1; NULL: not imported
-- Other columns: as in predictions.
SELECT r.name AS run, s.name AS subset, s.part,
  (SELECT count(*) FROM prediction p WHERE p.evaluation_id = e.evaluation_id) AS predictions, e.created_at, e.weights_sha256,
  (r.origin <> 'trained' OR EXISTS (SELECT 1 FROM checkpoint k WHERE k.run_id = e.run_id AND k.kind = 'best'
          AND e.weights_sha256 IN (k.sha256, k.file_sha256))) AS weights_kept,
  NOT EXISTS (SELECT 1 FROM evaluation n
              WHERE n.run_id = e.run_id AND n.subset_id = e.subset_id AND n.evaluation_id > e.evaluation_id) AS newest,
  r.target, e.evaluation_id, e.run_id, f.file, f.answers_only
FROM evaluation e
JOIN run r ON r.run_id = e.run_id
JOIN subset s ON s.subset_id = e.subset_id
LEFT JOIN evaluation_file f ON f.evaluation_id = e.evaluation_id
WHERE NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = r.run_id);
