-- The trainings, the oldest first, each with what the weights it keeps were worth on the validation images.
SELECT r.run, r.state, r.model, r.target, r.subset, r.epochs, r.best_epoch,
  (SELECT m.value FROM metric m
   WHERE m.run_id = r.run_id AND m.part = 'val' AND m.name = 'loss' AND m.epoch = r.best_epoch
   ORDER BY m.attempt DESC, m.step DESC LIMIT 1) AS val_loss,
  (SELECT m.value FROM metric m
   WHERE m.run_id = r.run_id AND m.part = 'val' AND m.name = 'auc' AND m.epoch = r.best_epoch
   ORDER BY m.attempt DESC, m.step DESC LIMIT 1) AS val_auc,
  r.seconds, date(r.started_at) AS started, r.started_at
FROM runs r
ORDER BY r.run_id;
