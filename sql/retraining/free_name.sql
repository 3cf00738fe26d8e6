-- The first of NAME+2, NAME+3, ... that no run, subset and split has.
WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n LIMIT 100000)
SELECT :name || '+' || i FROM n
WHERE NOT EXISTS (SELECT 1 FROM run WHERE name = :name || '+' || i)
  AND NOT EXISTS (SELECT 1 FROM subset WHERE name = :name || '+' || i)
  AND NOT EXISTS (SELECT 1 FROM split WHERE name = :name || '+' || i)
LIMIT 1;
