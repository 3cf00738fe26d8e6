-- Equal weights have equal hashes: the hash of kept weights is that of their numbers, as the file also has the run's uuid. What
-- earlier versions wrote is the file's hash; the numbers' is added when the catalog is next opened for writing.

CREATE TABLE checkpoint_new (
  -- The weights kept of a run: the best, and while it trains or can be resumed the last.
  run_id      INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  kind        TEXT NOT NULL CONSTRAINT "a checkpoint is best or last" CHECK (kind IN ('best', 'last')),
  attempt     INTEGER NOT NULL,
  epoch       INTEGER NOT NULL,  -- epochs done
  step        INTEGER NOT NULL,  -- optimiser steps done
  path        TEXT NOT NULL
    CONSTRAINT "paths in the catalog are relative to the project" CHECK (path NOT LIKE '/%' AND '/' || path || '/' NOT LIKE '%/../%'),
  sha256      TEXT CHECK (length(sha256) = 64),       -- of the numbers behind the file's header; NULL: not known
  created_at  TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  file_sha256 TEXT CHECK (length(file_sha256) = 64),  -- of the whole file
  CONSTRAINT "weights have a hash" CHECK (sha256 IS NOT NULL OR file_sha256 IS NOT NULL),
  PRIMARY KEY (run_id, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO checkpoint_new (run_id, kind, attempt, epoch, step, path, created_at, file_sha256)
SELECT run_id, kind, attempt, epoch, step, path, created_at, sha256 FROM checkpoint;
DROP TABLE checkpoint;
ALTER TABLE checkpoint_new RENAME TO checkpoint;
-- Those whose numbers' hash is not known.
CREATE INDEX checkpoint_unread ON checkpoint (run_id) WHERE sha256 IS NULL;

CREATE TRIGGER checkpoint_of_finished_is_not_added BEFORE INSERT ON checkpoint
WHEN (SELECT state FROM run WHERE run_id = NEW.run_id) = 'finished'
BEGIN
  SELECT RAISE(ABORT, 'this run is finished and cannot change');
END;
CREATE TRIGGER checkpoint_of_finished_is_fixed BEFORE UPDATE ON checkpoint
WHEN (SELECT state FROM run WHERE run_id = OLD.run_id) = 'finished'
  AND (OLD.sha256 IS NOT NULL OR NEW.file_sha256 IS NOT OLD.file_sha256 OR NEW.path IS NOT OLD.path OR NEW.kind IS NOT OLD.kind
    OR NEW.attempt IS NOT OLD.attempt OR NEW.epoch IS NOT OLD.epoch OR NEW.step IS NOT OLD.step)
BEGIN
  SELECT RAISE(ABORT, 'this run is finished and cannot change');
END;
CREATE TRIGGER checkpoint_stays_with_its_run BEFORE UPDATE OF run_id ON checkpoint
WHEN NEW.run_id IS NOT OLD.run_id
BEGIN
  SELECT RAISE(ABORT, 'weights stay with their run');
END;
CREATE TRIGGER checkpoint_of_finished_is_kept BEFORE DELETE ON checkpoint
WHEN (SELECT state FROM run WHERE run_id = OLD.run_id) = 'finished'
BEGIN
  SELECT RAISE(ABORT, 'this run is finished and cannot change');
END;
CREATE TRIGGER checkpoint_begins_with_sane_counts BEFORE INSERT ON checkpoint
WHEN NEW.attempt < 0 OR NEW.epoch < 0 OR NEW.step < 0 OR NEW.path = ''
BEGIN
  SELECT RAISE(ABORT, 'weights have a path, and an attempt, epoch and step that are not negative');
END;
CREATE TRIGGER checkpoint_keeps_sane_counts BEFORE UPDATE ON checkpoint
WHEN NEW.attempt < 0 OR NEW.epoch < 0 OR NEW.step < 0 OR NEW.path = ''
BEGIN
  SELECT RAISE(ABORT, 'weights have a path, and an attempt, epoch and step that are not negative');
END;
