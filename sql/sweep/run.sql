-- How far the run of a name came, and what a sweep said that it tries.
SELECT r.run_id, r.state, r.best_epoch,
  coalesce(r.epochs, (SELECT max(m.epoch) FROM metric m WHERE m.run_id = r.run_id), 0) AS epochs,
  (SELECT p.value FROM param p WHERE p.run_id = r.run_id AND p.name = 'sweep') AS tried
FROM run r WHERE r.name = :name;
