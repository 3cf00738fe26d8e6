-- The query by which a subset's members were chosen: of one that a retraining made, that of the subset it began with.
SELECT coalesce((SELECT t.query FROM retraining t WHERE t.subset_id = s.subset_id), s.sql) FROM subset s WHERE s.subset_id = :subset_id;
