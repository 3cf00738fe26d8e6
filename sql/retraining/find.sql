-- The newest retraining of a run with photographs chosen in these words.
SELECT t.retraining_id, t.run_id, t.name, t.chosen, t.query, p.name AS split, s.name AS subset, t.photographs, t.patients, t.kept_out, t.rejected, t.promoted
FROM retraining t
JOIN split p ON p.split_id = t.split_id
JOIN subset s ON s.subset_id = t.subset_id
WHERE t.run_id = :run_id AND t.chosen = :chosen ORDER BY t.retraining_id DESC LIMIT 1;
