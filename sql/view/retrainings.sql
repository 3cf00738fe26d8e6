CREATE VIEW retrainings AS
-- Which run was trained on with which new photographs, and whether the new run took its place.
--   run             name of the run whose weights it started from
--   new_run         name of the new run; NULL: not decided yet, or it was removed
--   chosen          which of the new photographs, as on the command line; empty: all
--   split           name of the split that the new patients came into
--   subset          name of the subset with the new photographs
--   photographs     count of new accepted photographs of patients in train or val
--   patients        count of patients that were in no part before
--   kept_out        count of new photographs of test patients, which stay test patients
--   rejected        count of new photographs that the gate rejected
--   promoted        1: the new run got the alias; 0: it did not; NULL: not decided yet
--   alias           that it was to get
--   metric          by which the two were compared on the same test photographs; NULL: they could not be
--   difference      of the metric, the new run's less the old one's
--   low             lower end of its 95% interval, paired and clustered by patient; NULL: none
--   high            upper end
--   margin          by how much the new run was not to be worse
--   n               count of test photographs
--   test_patients   count of their patients
--   reason          why it was promoted, or not
--   began_at        when it was begun, UTC
--   decided_at      when it was decided, UTC
--   retraining_id   number of the row in the table retraining
SELECT r.name AS run, n.name AS new_run, t.chosen, p.name AS split, s.name AS subset, t.photographs, t.patients, t.kept_out, t.rejected,
  t.promoted, t.alias, t.metric, t.difference, t.low, t.high, t.margin, t.n, t.test_patients, t.reason, t.began_at, t.decided_at,
  t.retraining_id
FROM retraining t
JOIN run r ON r.run_id = t.run_id
JOIN split p ON p.split_id = t.split_id
JOIN subset s ON s.subset_id = t.subset_id
LEFT JOIN run n ON n.run_id = t.new_run_id AND NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = n.run_id)
WHERE NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = r.run_id);
