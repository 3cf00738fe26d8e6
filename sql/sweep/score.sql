-- A metric of the validation part at the epoch whose weights are kept where a training ends after so many epochs: that of the least
-- loss, weighted by class where there are class weights. Of an epoch that was trained twice the newest attempt counts.
WITH newest AS (
  SELECT m.name, m.epoch, m.value FROM metric m
  WHERE m.run_id = :run_id AND m.part = 'val' AND m.epoch <= :epochs AND m.attempt =
    (SELECT max(n.attempt) FROM metric n WHERE n.run_id = m.run_id AND n.part = m.part AND n.name = m.name AND n.epoch = m.epoch)),
best AS (
  SELECT epoch FROM newest
  WHERE name = CASE WHEN EXISTS (SELECT 1 FROM newest WHERE name = 'weighted_loss') THEN 'weighted_loss' ELSE 'loss' END
    AND value IS NOT NULL
  ORDER BY value, epoch LIMIT 1)
SELECT epoch AS best_epoch, (SELECT value FROM newest n WHERE n.name = :metric AND n.epoch = best.epoch) AS value FROM best;
