-- Runs that a word can mean, the likeliest first: the one of that name (1), else the newest for "last" or NULL, or the one that
-- has the alias for "@ALIAS" (2), else those whose uuid begins so (3).
SELECT run_id, rank FROM (
  SELECT run_id, 1 AS rank FROM run WHERE name = :name
  UNION ALL
  SELECT max(run_id), 2 FROM run r WHERE (:name IS NULL OR :name = 'last')
    AND NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = r.run_id)
  UNION ALL
  SELECT p.run_id, 2 FROM promotion p
  WHERE p.promotion_id = (SELECT max(n.promotion_id) FROM promotion n WHERE '@' || n.alias = :name)
  UNION ALL
  SELECT run_id, 3 FROM run WHERE length(:name) >= 4 AND substr(uuid, 1, length(:name)) = lower(:name))
WHERE run_id IS NOT NULL AND run_id NOT IN (SELECT run_id FROM run_removed)
ORDER BY rank, run_id DESC LIMIT 2;
