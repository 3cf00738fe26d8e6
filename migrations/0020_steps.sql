-- What every step of the optimiser showed, beside the metrics of whole epochs.

CREATE TABLE step (
  -- One step of the optimiser. A run that is resumed repeats the steps after its saved state; they take the place of the earlier ones.
  run_id        INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  step          INTEGER NOT NULL CHECK (step >= 1),    -- counted over all epochs
  epoch         INTEGER NOT NULL CHECK (epoch >= 1),
  images        INTEGER NOT NULL CHECK (images >= 0),  -- of the epoch trained so far, with those of the step
  loss          REAL,                                  -- mean over the images of the step, by class weight where there are weights; NULL: not a number
  learning_rate REAL,
  seconds       REAL,                                  -- that the epoch trained so far, without validation
  PRIMARY KEY (run_id, step)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER step_of_finished_is_not_added BEFORE INSERT ON step
WHEN (SELECT state FROM run WHERE run_id = NEW.run_id) = 'finished'
BEGIN
  SELECT RAISE(ABORT, 'this run is finished and takes no more steps');
END;
CREATE TRIGGER step_is_not_replaced BEFORE INSERT ON step
WHEN EXISTS (SELECT 1 FROM step WHERE run_id = NEW.run_id AND step = NEW.step)
BEGIN
  SELECT RAISE(ABORT, 'this step was recorded already, and it is not replaced');
END;
CREATE TRIGGER step_is_fixed BEFORE UPDATE ON step
BEGIN
  SELECT RAISE(ABORT, 'a step that was recorded does not change');
END;
CREATE TRIGGER step_of_finished_is_kept BEFORE DELETE ON step
WHEN (SELECT state FROM run WHERE run_id = OLD.run_id) = 'finished'
BEGIN
  SELECT RAISE(ABORT, 'this run is finished and cannot change');
END;
