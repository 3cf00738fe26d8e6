-- Runs that are trained on with new photographs: what was chosen, what came of it, and where a repeated command goes on.

CREATE TABLE retraining (
  -- A run trained on with new photographs. The row is made with the split and the subset, and decided when the new run was compared.
  retraining_id INTEGER PRIMARY KEY,
  run_id        INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,  -- whose weights it starts from
  name          TEXT NOT NULL CHECK (name <> ''),  -- of the new run and of its subset
  chosen        TEXT NOT NULL,                -- which of the new photographs, in the words of the command line; empty: all
  query         TEXT NOT NULL,                -- by which the members of the first run's subset were chosen
  split_id      INTEGER NOT NULL REFERENCES split,   -- the run's split with the patients that were in no part of it
  subset_id     INTEGER NOT NULL REFERENCES subset,  -- the run's subset with the new photographs
  photographs   INTEGER NOT NULL CHECK (photographs > 0),  -- new and accepted, of patients in train or val
  patients      INTEGER NOT NULL CHECK (patients >= 0),    -- that were in no part before
  kept_out      INTEGER NOT NULL CHECK (kept_out >= 0),    -- new photographs of test patients, which stay test patients
  rejected      INTEGER NOT NULL CHECK (rejected >= 0),    -- new photographs that the gate rejected
  began_at      TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),  -- UTC
  new_run_id    INTEGER REFERENCES run ON DELETE SET NULL,  -- NULL: not decided yet, or it was deleted
  promoted      INTEGER CHECK (promoted IN (0, 1)),         -- NULL: not decided yet
  alias         TEXT,     -- that it was to get
  metric        TEXT,     -- by which the two were compared; NULL: they could not be
  difference    REAL,     -- of the metric, the new run's less the old one's
  low           REAL,     -- its 95% interval, paired by photograph and clustered by patient; NULL: none
  high          REAL,
  margin        REAL,     -- by how much the new run was not to be worse
  n             INTEGER CHECK (n >= 0),              -- photographs that both were measured on
  test_patients INTEGER CHECK (test_patients >= 0),  -- of these
  reason        TEXT CHECK (reason <> ''),           -- why it was promoted, or not
  decided_at    TEXT,                                -- UTC
  CONSTRAINT "a decision has a reason and a time" CHECK ((promoted IS NULL) = (reason IS NULL) AND (promoted IS NULL) = (decided_at IS NULL))
) STRICT;
CREATE INDEX retraining_run ON retraining (run_id);
CREATE INDEX retraining_new_run ON retraining (new_run_id) WHERE new_run_id IS NOT NULL;
CREATE INDEX retraining_split ON retraining (split_id);
CREATE INDEX retraining_subset ON retraining (subset_id);

CREATE TRIGGER retraining_is_history BEFORE UPDATE ON retraining
WHEN NEW.retraining_id IS NOT OLD.retraining_id OR NEW.run_id IS NOT OLD.run_id OR NEW.name IS NOT OLD.name OR NEW.chosen IS NOT OLD.chosen
  OR NEW.query IS NOT OLD.query OR NEW.split_id IS NOT OLD.split_id OR NEW.subset_id IS NOT OLD.subset_id
  OR NEW.photographs IS NOT OLD.photographs OR NEW.patients IS NOT OLD.patients OR NEW.kept_out IS NOT OLD.kept_out
  OR NEW.rejected IS NOT OLD.rejected OR NEW.began_at IS NOT OLD.began_at
  OR (OLD.promoted IS NOT NULL AND (NEW.promoted IS NOT OLD.promoted OR NEW.alias IS NOT OLD.alias OR NEW.metric IS NOT OLD.metric
    OR NEW.difference IS NOT OLD.difference OR NEW.low IS NOT OLD.low OR NEW.high IS NOT OLD.high OR NEW.margin IS NOT OLD.margin
    OR NEW.n IS NOT OLD.n OR NEW.test_patients IS NOT OLD.test_patients OR NEW.reason IS NOT OLD.reason
    OR NEW.decided_at IS NOT OLD.decided_at OR NEW.new_run_id IS NOT NULL))
BEGIN
  SELECT RAISE(ABORT, 'a retraining is history: start another one');
END;
CREATE TRIGGER retraining_is_not_replaced BEFORE INSERT ON retraining
WHEN EXISTS (SELECT 1 FROM retraining WHERE retraining_id = NEW.retraining_id)
BEGIN
  SELECT RAISE(ABORT, 'a retraining is history: start another one');
END;
