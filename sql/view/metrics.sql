CREATE VIEW metrics AS
-- Everything measured while training, of all attempts.
--   part            what it was measured on: train, val, test; empty: neither
--   metric          what was measured: loss, weighted_loss (by class, as training minimises it), accuracy, auc
--   epoch           epoch at whose end it was measured, from 1
--   step            optimiser steps done by then
--   value           the number; NULL: not a number
--   attempt         the start of the run that measured it, from 1
-- Other columns: as in runs.
SELECT r.name AS run, m.part, m.name AS metric, m.epoch, m.step, m.value, m.attempt, r.run_id
FROM run r
CROSS JOIN metric m ON m.run_id = r.run_id -- in this order: what is known of a run is looked up once, not with every metric
WHERE NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = r.run_id);
