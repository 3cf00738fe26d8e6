-- The evaluations of a run, the newest first.
SELECT e.evaluation_id, e.run_id, e.subset_id, (SELECT count(*) FROM prediction p WHERE p.evaluation_id = e.evaluation_id)
    AS predictions, s.name AS subset, s.part, e.created_at
FROM evaluation e
JOIN subset s ON s.subset_id = e.subset_id
WHERE e.run_id = :run_id
ORDER BY e.evaluation_id DESC;
