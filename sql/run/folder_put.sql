-- The folder of a new run where that of its name is another run's: the first of NAME-2, NAME-3, ... that is not.
WITH RECURSIVE n (i, folder) AS (
  SELECT 1, :name
  UNION ALL
  SELECT i + 1, substr(:name, 1, 20) || '-' || (i + 1) FROM n LIMIT 1000000)
INSERT INTO run_folder (run_id, folder)
SELECT :run_id, folder FROM (
  SELECT folder FROM n
  WHERE NOT EXISTS (SELECT 1 FROM run_folder f WHERE f.folder = n.folder)
    AND NOT EXISTS (SELECT 1 FROM run r WHERE r.name = n.folder AND r.run_id <> :run_id
                    AND NOT EXISTS (SELECT 1 FROM run_folder f WHERE f.run_id = r.run_id))
  LIMIT 1)
WHERE folder <> :name;
