-- Ensembles: runs that are asked as one are a run of their own, with a decision fitted for all of them together. Such a run has no
-- network, recipe or weights of its own; its members have.

CREATE TABLE run_new (
  -- One training: what it was made of, where, and what became of it.
  run_id          INTEGER PRIMARY KEY,
  uuid            TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36),
  name            TEXT NOT NULL UNIQUE CHECK (name <> ''),
  parent_run_id   INTEGER REFERENCES run,     -- the run it continues or repeats
  model_id        INTEGER REFERENCES model,   -- NULL: imported, or an ensemble
  subset_id       INTEGER REFERENCES subset,  -- that it was trained on; NULL: imported, and not known, or an ensemble
  val_subset_id   INTEGER REFERENCES subset,
  recipe_id       INTEGER REFERENCES recipe,  -- NULL: imported, or an ensemble
  target          TEXT NOT NULL,  -- SQL over the view variants: grade >= 2
  classes         TEXT NOT NULL   -- [] until the predictions of an imported run are there
    CONSTRAINT "classes are a JSON array" CHECK (json_valid(classes) AND json_type(classes) = 'array'),
  seed            INTEGER NOT NULL,
  state           TEXT NOT NULL DEFAULT 'created' CONSTRAINT "a run is created, running, finished, interrupted or failed"
                    CHECK (state IN ('created', 'running', 'finished', 'interrupted', 'failed')),
  attempt         INTEGER NOT NULL DEFAULT 0,  -- how often it was started
  epochs          INTEGER,                     -- done
  best_epoch      INTEGER,                     -- whose weights were kept
  host            TEXT,
  cpu             TEXT,
  isa             TEXT,
  threads         INTEGER,
  program_version TEXT,
  program_commit  TEXT,
  command_line    TEXT,
  created_at      TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  started_at      TEXT,
  ended_at        TEXT,
  seconds         REAL,  -- of all attempts
  origin          TEXT NOT NULL DEFAULT 'trained'  -- trained: here; imported: by another program; ensemble: of members that were trained here
    CONSTRAINT "a run is trained, imported or an ensemble" CHECK (origin IN ('trained', 'imported', 'ensemble')),
  CONSTRAINT "a run that was trained here has a network, a subset and a recipe" CHECK
    (origin <> 'trained' OR (model_id IS NOT NULL AND subset_id IS NOT NULL AND recipe_id IS NOT NULL)),
  CONSTRAINT "an imported run or an ensemble has no network and no recipe" CHECK
    (origin = 'trained' OR (model_id IS NULL AND recipe_id IS NULL AND state <> 'running')),
  CONSTRAINT "what an ensemble learned from is what its members learned from" CHECK
    (origin <> 'ensemble' OR (subset_id IS NULL AND val_subset_id IS NULL))
) STRICT;
INSERT INTO run_new (run_id, uuid, name, parent_run_id, model_id, subset_id, val_subset_id, recipe_id, target, classes, seed, state, attempt,
  epochs, best_epoch, host, cpu, isa, threads, program_version, program_commit, command_line, created_at, started_at, ended_at, seconds, origin)
SELECT run_id, uuid, name, parent_run_id, model_id, subset_id, val_subset_id, recipe_id, target, classes, seed, state, attempt,
  epochs, best_epoch, host, cpu, isa, threads, program_version, program_commit, command_line, created_at, started_at, ended_at, seconds, origin
FROM run;
DROP TABLE run;
ALTER TABLE run_new RENAME TO run;

CREATE INDEX run_parent ON run (parent_run_id) WHERE parent_run_id IS NOT NULL;

CREATE INDEX run_subset ON run (subset_id);

CREATE TRIGGER run_begins_with_a_valid_name BEFORE INSERT ON run
WHEN typeof(NEW.name) <> 'text' OR length(CAST(NEW.name AS BLOB)) NOT BETWEEN 1 AND 100 OR NEW.name <> trim(NEW.name, ' ')
  OR instr(NEW.name, char(0)) > 0 OR NEW.name GLOB '*[' || char(1) || '-' || char(31) || char(127) || '-' || char(159) || ']*'
  OR NEW.name GLOB '.*' OR NEW.name GLOB '*[/\]*' OR NEW.name = 'last'
BEGIN
  SELECT RAISE(ABORT, 'the name of a run has 1 to 100 bytes, without control characters, a leading dot, slashes and surrounding spaces, and not last');
END;

CREATE TRIGGER run_begins_with_sane_counts BEFORE INSERT ON run
WHEN NEW.attempt < 0 OR NEW.epochs < 0 OR NEW.best_epoch < 0 OR NEW.threads < 1 OR NEW.seconds < 0
BEGIN
  SELECT RAISE(ABORT, 'attempts, epochs, threads and seconds of a run are not negative');
END;

CREATE TRIGGER run_finished_is_kept BEFORE DELETE ON run
WHEN OLD.state = 'finished' AND NOT EXISTS (SELECT 1 FROM run_removed WHERE run_id = OLD.run_id)
BEGIN
  SELECT RAISE(ABORT, 'this run is finished and cannot be deleted');
END;

CREATE TRIGGER run_is_not_replaced BEFORE INSERT ON run
WHEN EXISTS (SELECT 1 FROM run WHERE run_id = NEW.run_id OR uuid = NEW.uuid OR name = NEW.name)
BEGIN
  SELECT RAISE(ABORT, 'there is such a run already, and it is not replaced');
END;

CREATE TRIGGER run_keeps_a_valid_name BEFORE UPDATE OF name ON run
WHEN typeof(NEW.name) <> 'text' OR length(CAST(NEW.name AS BLOB)) NOT BETWEEN 1 AND 100 OR NEW.name <> trim(NEW.name, ' ')
  OR instr(NEW.name, char(0)) > 0 OR NEW.name GLOB '*[' || char(1) || '-' || char(31) || char(127) || '-' || char(159) || ']*'
  OR NEW.name GLOB '.*' OR NEW.name GLOB '*[/\]*' OR NEW.name = 'last'
BEGIN
  SELECT RAISE(ABORT, 'the name of a run has 1 to 100 bytes, without control characters, a leading dot, slashes and surrounding spaces, and not last');
END;

CREATE TRIGGER run_keeps_its_origin BEFORE UPDATE OF run_id, parent_run_id, created_at ON run
WHEN NEW.run_id IS NOT OLD.run_id OR NEW.created_at IS NOT OLD.created_at
  OR (NEW.parent_run_id IS NOT OLD.parent_run_id
      AND NOT (NEW.parent_run_id IS NULL AND EXISTS (SELECT 1 FROM run_removed WHERE run_id = OLD.parent_run_id)))
BEGIN
  SELECT RAISE(ABORT, 'a run keeps its number, its parent and its beginning');
END;

CREATE TRIGGER run_keeps_sane_counts BEFORE UPDATE OF attempt, epochs, best_epoch, threads, seconds ON run
WHEN OLD.state <> 'finished' AND (NEW.attempt < OLD.attempt OR NEW.epochs < 0 OR NEW.best_epoch < 0 OR NEW.threads < 1
  OR NEW.seconds < OLD.seconds)
BEGIN
  SELECT RAISE(ABORT, 'attempts, epochs, threads and seconds of a run do not grow less');
END;

CREATE TRIGGER run_measured_is_kept BEFORE DELETE ON run
WHEN (OLD.state <> 'finished' OR EXISTS (SELECT 1 FROM run_removed WHERE run_id = OLD.run_id))
  AND (EXISTS (SELECT 1 FROM evaluation WHERE run_id = OLD.run_id) OR EXISTS (SELECT 1 FROM run WHERE parent_run_id = OLD.run_id))
BEGIN
  SELECT RAISE(ABORT, 'evaluations or other runs rest on this run: it is kept');
END;

CREATE TRIGGER run_removed_is_not_trained BEFORE UPDATE OF state ON run
WHEN EXISTS (SELECT 1 FROM run_removed WHERE run_id = OLD.run_id)
BEGIN
  SELECT RAISE(ABORT, 'this run was removed: restore it first');
END;

CREATE TRIGGER run_renamed_keeps_its_folder AFTER UPDATE OF name ON run
WHEN NEW.name IS NOT OLD.name AND NOT EXISTS (SELECT 1 FROM run_folder WHERE run_id = OLD.run_id)
BEGIN
  INSERT INTO run_folder (run_id, folder) VALUES (OLD.run_id, OLD.name);
END;

CREATE TRIGGER run_starts_on_frozen_subsets BEFORE INSERT ON run
WHEN EXISTS (SELECT 1 FROM subset WHERE subset_id IN (NEW.subset_id, NEW.val_subset_id) AND frozen_at IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'a run is made of frozen subsets');
END;

CREATE TRIGGER run_takes_no_others_name BEFORE UPDATE OF name ON run
WHEN EXISTS (SELECT 1 FROM run WHERE name = NEW.name AND run_id <> OLD.run_id)
BEGIN
  SELECT RAISE(ABORT, 'there is a run of this name already');
END;

-- What an imported run answers, and what it was trained on, is said once.
CREATE TRIGGER run_finished_is_fixed BEFORE UPDATE ON run
WHEN OLD.state = 'finished' AND (NEW.run_id IS NOT OLD.run_id OR NEW.state IS NOT OLD.state OR NEW.attempt IS NOT OLD.attempt
  OR NEW.epochs IS NOT OLD.epochs OR NEW.best_epoch IS NOT OLD.best_epoch OR NEW.host IS NOT OLD.host OR NEW.cpu IS NOT OLD.cpu
  OR NEW.isa IS NOT OLD.isa OR NEW.threads IS NOT OLD.threads OR NEW.program_version IS NOT OLD.program_version
  OR NEW.program_commit IS NOT OLD.program_commit OR NEW.command_line IS NOT OLD.command_line
  OR NEW.created_at IS NOT OLD.created_at OR NEW.started_at IS NOT OLD.started_at OR NEW.ended_at IS NOT OLD.ended_at
  OR NEW.seconds IS NOT OLD.seconds OR NEW.uuid IS NOT OLD.uuid OR NEW.model_id IS NOT OLD.model_id
  OR NEW.val_subset_id IS NOT OLD.val_subset_id OR NEW.recipe_id IS NOT OLD.recipe_id OR NEW.seed IS NOT OLD.seed
  OR NEW.origin IS NOT OLD.origin
  OR ((NEW.subset_id IS NOT OLD.subset_id OR NEW.target IS NOT OLD.target OR NEW.classes IS NOT OLD.classes)
      AND NOT (OLD.origin = 'imported' AND OLD.classes = '[]')))
BEGIN
  SELECT RAISE(ABORT, 'this run is finished and cannot change');
END;

CREATE TRIGGER run_keeps_what_it_is_made_of BEFORE UPDATE OF
  uuid, model_id, subset_id, val_subset_id, recipe_id, target, classes, seed, origin ON run
WHEN OLD.uuid IS NOT NEW.uuid OR OLD.model_id IS NOT NEW.model_id OR OLD.val_subset_id IS NOT NEW.val_subset_id
  OR OLD.recipe_id IS NOT NEW.recipe_id OR OLD.seed IS NOT NEW.seed OR OLD.origin IS NOT NEW.origin
  OR ((OLD.subset_id IS NOT NEW.subset_id OR OLD.target IS NOT NEW.target OR OLD.classes IS NOT NEW.classes)
      AND NOT (OLD.origin = 'imported' AND OLD.classes = '[]'))
BEGIN
  SELECT RAISE(ABORT, 'a run keeps what it was made of: start another one');
END;

DROP TRIGGER checkpoint_is_of_a_trained_run;
CREATE TRIGGER checkpoint_is_of_a_trained_run BEFORE INSERT ON checkpoint
WHEN (SELECT origin FROM run WHERE run_id = NEW.run_id) <> 'trained'
BEGIN
  SELECT RAISE(ABORT, 'an imported run or an ensemble has no weights');
END;

DROP TRIGGER evaluation_file_is_of_an_imported_run;
CREATE TRIGGER evaluation_file_is_of_an_imported_run BEFORE INSERT ON evaluation_file
WHEN (SELECT r.origin FROM evaluation e JOIN run r ON r.run_id = e.run_id WHERE e.evaluation_id = NEW.evaluation_id) <> 'imported'
  OR EXISTS (SELECT 1 FROM evaluation_file WHERE evaluation_id = NEW.evaluation_id)
BEGIN
  SELECT RAISE(ABORT, 'predictions are imported into an imported run');
END;

CREATE TABLE ensemble (
  -- How the members of an ensemble are asked.
  run_id INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,
  views  INTEGER NOT NULL CHECK (views IN (0, 1))  -- 1: of each photograph also mirrored and turned, as far as the target allows
) STRICT;

CREATE TRIGGER ensemble_is_fixed BEFORE UPDATE ON ensemble
BEGIN
  SELECT RAISE(ABORT, 'an ensemble does not change: combine another one');
END;
CREATE TRIGGER ensemble_is_not_replaced BEFORE INSERT ON ensemble
WHEN EXISTS (SELECT 1 FROM ensemble WHERE run_id = NEW.run_id)
BEGIN
  SELECT RAISE(ABORT, 'an ensemble does not change: combine another one');
END;
CREATE TRIGGER ensemble_is_a_run BEFORE INSERT ON ensemble
WHEN (SELECT origin FROM run WHERE run_id = NEW.run_id) <> 'ensemble' OR (SELECT state FROM run WHERE run_id = NEW.run_id) <> 'created'
BEGIN
  SELECT RAISE(ABORT, 'only a run of that origin is an ensemble, and before it is finished');
END;
CREATE TRIGGER ensemble_is_kept BEFORE DELETE ON ensemble
WHEN EXISTS (SELECT 1 FROM run WHERE run_id = OLD.run_id)
BEGIN
  SELECT RAISE(ABORT, 'an ensemble does not change: combine another one');
END;

CREATE TABLE ensemble_member (
  -- A run whose probabilities an ensemble averages.
  run_id        INTEGER NOT NULL REFERENCES ensemble ON DELETE CASCADE,
  position      INTEGER NOT NULL CHECK (position BETWEEN 1 AND 32),  -- in the order in which they were named
  member_run_id INTEGER NOT NULL REFERENCES run,
  PRIMARY KEY (run_id, position),
  UNIQUE (run_id, member_run_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ensemble_member_run ON ensemble_member (member_run_id);

CREATE TRIGGER ensemble_member_is_fixed BEFORE UPDATE ON ensemble_member
BEGIN
  SELECT RAISE(ABORT, 'an ensemble keeps its members: combine another one');
END;
CREATE TRIGGER ensemble_member_is_kept BEFORE DELETE ON ensemble_member
WHEN EXISTS (SELECT 1 FROM run WHERE run_id = OLD.run_id)
BEGIN
  SELECT RAISE(ABORT, 'an ensemble keeps its members: combine another one');
END;
CREATE TRIGGER ensemble_member_is_not_replaced BEFORE INSERT ON ensemble_member
WHEN EXISTS (SELECT 1 FROM ensemble_member WHERE run_id = NEW.run_id AND (position = NEW.position OR member_run_id = NEW.member_run_id))
  OR (SELECT state FROM run WHERE run_id = NEW.run_id) <> 'created'
BEGIN
  SELECT RAISE(ABORT, 'an ensemble keeps its members: combine another one');
END;
-- Its weights do not change any more, and it is not an ensemble itself: there are no ensembles of ensembles.
CREATE TRIGGER ensemble_member_is_a_finished_run BEFORE INSERT ON ensemble_member
WHEN NOT EXISTS (SELECT 1 FROM run r WHERE r.run_id = NEW.member_run_id AND r.origin = 'trained' AND r.state = 'finished'
                 AND NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = r.run_id))
BEGIN
  SELECT RAISE(ABORT, 'a member of an ensemble is a finished run that was trained here');
END;

-- A member is there as long as its ensemble is.
CREATE TRIGGER run_removed_is_not_a_member BEFORE INSERT ON run_removed
WHEN EXISTS (SELECT 1 FROM ensemble_member m WHERE m.member_run_id = NEW.run_id
             AND NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = m.run_id))
BEGIN
  SELECT RAISE(ABORT, 'this run is a member of an ensemble: remove that first');
END;
CREATE TRIGGER run_restored_with_its_members BEFORE DELETE ON run_removed
WHEN EXISTS (SELECT 1 FROM run WHERE run_id = OLD.run_id)
  AND EXISTS (SELECT 1 FROM ensemble_member m JOIN run_removed d ON d.run_id = m.member_run_id WHERE m.run_id = OLD.run_id)
BEGIN
  SELECT RAISE(ABORT, 'a member of this ensemble was removed: restore that first');
END;
