-- The first of NAME-1, NAME-2, ... that no run has, NAME being the network's. CROSS JOIN keeps the order of the tables, so
-- that the numbers are counted as far as needed, not all beforehand.
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000000)
SELECT m.name || '-' || n.i FROM n CROSS JOIN model m ON m.model_id = :model_id
WHERE NOT EXISTS (SELECT 1 FROM run r WHERE r.name = m.name || '-' || n.i)
LIMIT 1;
