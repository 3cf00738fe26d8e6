-- The aliases, then the names of the runs, the newest first.
SELECT name FROM (
  SELECT '@' || alias AS name, 0 AS rank, max(promotion_id) AS age FROM promotion GROUP BY alias
  UNION ALL
  SELECT name, 1, run_id FROM run WHERE run_id NOT IN (SELECT run_id FROM run_removed))
ORDER BY rank, age DESC;
