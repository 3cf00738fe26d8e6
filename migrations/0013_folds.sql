-- Splits that are the folds of one partition: of k of them, each has another fold as its part val, and all have the same part test.

CREATE TABLE fold (
  -- A split that is one of k folds: its part val is that fold, its part train the other folds.
  split_id INTEGER PRIMARY KEY REFERENCES split ON DELETE CASCADE,
  name     TEXT NOT NULL CHECK (name <> ''),    -- of all k together: cv, whose splits are cv-1, cv-2, ...
  fold     INTEGER NOT NULL CHECK (fold >= 1),  -- 1..folds
  folds    INTEGER NOT NULL CHECK (folds >= 2), -- k
  UNIQUE (name, fold),
  CONSTRAINT "a fold is one of its folds" CHECK (fold <= folds)
) STRICT;

CREATE TRIGGER fold_is_fixed BEFORE UPDATE ON fold
BEGIN
  SELECT RAISE(ABORT, 'a fold stays the fold that it is: make a new split');
END;
CREATE TRIGGER fold_is_not_replaced BEFORE INSERT ON fold
WHEN EXISTS (SELECT 1 FROM fold WHERE split_id = NEW.split_id OR (name = NEW.name AND fold = NEW.fold))
BEGIN
  SELECT RAISE(ABORT, 'there is such a fold already, and it is not replaced');
END;
CREATE TRIGGER fold_is_kept BEFORE DELETE ON fold
WHEN EXISTS (SELECT 1 FROM split WHERE split_id = OLD.split_id)
BEGIN
  SELECT RAISE(ABORT, 'a fold stays the fold that it is: make a new split');
END;
