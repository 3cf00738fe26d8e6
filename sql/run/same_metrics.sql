-- The metrics of two runs, epoch by epoch, each by its newest attempt: how many there are of either, how many differ or are of one
-- of them alone, and the first epoch with such a one.
WITH newest AS (
  SELECT m.run_id, m.part, m.name, m.epoch, m.step, m.value FROM metric m
  WHERE m.run_id IN (:run_id, :other_id) AND m.part <> '' AND m.attempt =
    (SELECT max(n.attempt) FROM metric n
     WHERE n.run_id = m.run_id AND n.part = m.part AND n.name = m.name AND n.epoch = m.epoch)),
pair AS (
  SELECT part, name, epoch, count(*) AS n, count(DISTINCT ifnull(value, 'none')) AS numbers, count(DISTINCT step) AS steps
  FROM newest GROUP BY part, name, epoch)
SELECT count(*) AS metrics, coalesce(sum(n <> 2 OR numbers <> 1 OR steps <> 1), 0) AS different,
  min(CASE WHEN n <> 2 OR numbers <> 1 OR steps <> 1 THEN epoch END) AS first_epoch
FROM pair;
