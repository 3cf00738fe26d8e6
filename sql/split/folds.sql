-- The splits that are the folds of a partition, by its name, in their order.
SELECT s.split_id, s.name, s.rule, s.seed
FROM fold f
JOIN split s ON s.split_id = f.split_id
WHERE f.name = :name ORDER BY f.fold;
