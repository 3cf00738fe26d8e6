CREATE VIEW steps AS
-- Every step of the optimiser of every run that was trained here.
--   step            counted from 1 over all epochs
--   epoch           epoch it belongs to, from 1
--   images          images of the epoch that were trained so far, with those of the step
--   loss            mean over the images of the step as training minimises it: by class weight where there are weights; NULL: not a number
--   learning_rate   by which the weights moved
--   seconds         time the epoch took so far, without validation, s
-- Other columns: as in runs.
SELECT r.name AS run, s.step, s.epoch, s.images, s.loss, s.learning_rate, s.seconds, s.run_id
FROM step s
JOIN run r ON r.run_id = s.run_id
WHERE NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = r.run_id);
