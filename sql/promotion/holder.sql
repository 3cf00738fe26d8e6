-- The run that has an alias, unless it is in the trash.
SELECT p.run_id FROM promotion p
WHERE p.promotion_id = (SELECT max(n.promotion_id) FROM promotion n WHERE n.alias = :alias)
  AND p.run_id NOT IN (SELECT run_id FROM run_removed);
