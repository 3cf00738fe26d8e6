-- The newest :newest of the trainings (-1: all), the oldest first: how far each came, what the weights it keeps were worth on
-- the validation images, and its newest evaluation on a test part, of weights that it keeps if there is one.
WITH listed AS (
  SELECT r.run_id FROM run r WHERE NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = r.run_id)
  ORDER BY r.run_id DESC LIMIT :newest),
progress AS (
  SELECT r.run_id,
    CASE WHEN r.state IN ('running', 'created') THEN (SELECT max(m.epoch) FROM metric m WHERE m.run_id = r.run_id) ELSE r.epochs END AS epochs,
    CASE r.state WHEN 'running'
      THEN (SELECT nullif(k.epoch, 0) FROM checkpoint k WHERE k.run_id = r.run_id AND k.kind = 'best')
      ELSE r.best_epoch END AS best_epoch,
    (SELECT n.evaluation_id FROM evaluations n WHERE n.run_id = r.run_id AND n.part = 'test'
     ORDER BY n.weights_kept DESC, n.evaluation_id DESC LIMIT 1) AS test_evaluation_id
  FROM run r WHERE r.run_id IN (SELECT run_id FROM listed))
SELECT r.run_id, r.run, r.state, coalesce(r.model, r.origin) AS model, r.target, r.subset, r.classes, r.seed, r.augmentation, r.trouble, coalesce(p.epochs, 0) AS epochs,
  (SELECT CAST(a.value AS INTEGER) FROM param a WHERE a.run_id = r.run_id AND a.name = 'epochs') AS max_epochs, p.best_epoch,
  (SELECT m.value FROM metric m
   WHERE m.run_id = r.run_id AND m.part = 'val' AND m.name = 'loss' AND m.epoch = p.best_epoch
   ORDER BY m.attempt DESC, m.step DESC LIMIT 1) AS val_loss,
  (SELECT m.value FROM metric m
   WHERE m.run_id = r.run_id AND m.part = 'val' AND m.name = 'accuracy' AND m.epoch = p.best_epoch
   ORDER BY m.attempt DESC, m.step DESC LIMIT 1) AS val_accuracy,
  (SELECT m.value FROM metric m
   WHERE m.run_id = r.run_id AND m.part = 'val' AND m.name = 'auc' AND m.epoch = p.best_epoch
   ORDER BY m.attempt DESC, m.step DESC LIMIT 1) AS val_auc,
  (SELECT a.value FROM param a WHERE a.run_id = r.run_id AND a.name = 'scale') AS scale,
  (SELECT a.value FROM param a WHERE a.run_id = r.run_id AND a.name = 'calibration') AS calibration, r.seconds, r.started_at,
  p.test_evaluation_id, (SELECT e.weights_kept FROM evaluations e WHERE e.evaluation_id = p.test_evaluation_id) AS test_weights_kept
FROM runs r
JOIN progress p ON p.run_id = r.run_id
ORDER BY r.run_id;
