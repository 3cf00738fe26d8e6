CREATE VIEW latest_metrics AS
-- The newest value of each metric of each run.
-- Other columns: as in metrics.
SELECT r.name AS run, m.part, m.name AS metric, m.epoch, m.step, m.value, m.attempt, m.run_id
FROM metric m
JOIN run r ON r.run_id = m.run_id
WHERE (m.attempt, m.step) = (SELECT n.attempt, n.step FROM metric n
                             WHERE n.run_id = m.run_id AND n.part = m.part AND n.name = m.name
                             ORDER BY n.attempt DESC, n.step DESC LIMIT 1)
  AND NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = r.run_id);
