-- The names of the subsets that can be used, the newest first.
SELECT name FROM subset WHERE frozen_at IS NOT NULL ORDER BY subset_id DESC;
