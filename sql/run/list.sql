-- The trainings, the oldest first: how far each came, what the weights it keeps were worth on the validation images, and its
-- newest evaluation on a test part.
WITH progress AS (
  SELECT r.run_id,
    CASE r.state WHEN 'running' THEN (SELECT max(m.epoch) FROM metric m WHERE m.run_id = r.run_id) ELSE r.epochs END AS epochs,
    CASE r.state WHEN 'running'
      THEN (SELECT nullif(k.epoch, 0) FROM checkpoint k WHERE k.run_id = r.run_id AND k.kind = 'best')
      ELSE r.best_epoch END AS best_epoch
  FROM run r)
SELECT r.run_id, r.run, r.state, r.model, r.target, r.subset, r.classes, r.seed, r.augmentation, coalesce(p.epochs, 0) AS epochs,
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
  r.seconds, r.started_at,
  (SELECT max(e.evaluation_id) FROM evaluation e JOIN subset s ON s.subset_id = e.subset_id
   WHERE e.run_id = r.run_id AND s.part = 'test') AS test_evaluation_id
FROM runs r
JOIN progress p ON p.run_id = r.run_id
ORDER BY r.run_id;
