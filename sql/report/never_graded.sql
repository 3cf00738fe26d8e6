-- How many patients have no accepted photograph, and one that was rejected for its quality: no split assigns them.
SELECT count(*) FROM (
  SELECT 1 FROM image
  GROUP BY patient
  HAVING max(status = 'accepted') = 0 AND max(status = 'rejected' AND reason NOT IN ('duplicate', 'name taken')) = 1);
