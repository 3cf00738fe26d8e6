-- Runs are renamed, tagged, annotated and removed. A removed run is in the trash, from which it can be restored, until it is deleted
-- for good; its name is free meanwhile, and its files stay where they are.

CREATE TABLE run_folder (
  -- The folder of a run beneath runs/ where that is not its name: it was renamed, or the folder of that name was another run's.
  run_id INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,
  folder TEXT NOT NULL UNIQUE
    CONSTRAINT "a folder of a run is one name" CHECK (folder <> '' AND folder NOT GLOB '.*' AND folder NOT GLOB '*[/\]*')
) STRICT;

CREATE TABLE run_tag (
  -- A word by which runs are found again.
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tag    TEXT NOT NULL
    CONSTRAINT "a tag has 1 to 100 bytes, without control characters, commas and surrounding spaces" CHECK
      (length(CAST(tag AS BLOB)) BETWEEN 1 AND 100 AND tag = trim(tag, ' ') AND instr(tag, ',') = 0 AND instr(tag, char(0)) = 0
       AND NOT tag GLOB '*[' || char(1) || '-' || char(31) || char(127) || '-' || char(159) || ']*'),
  PRIMARY KEY (run_id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_tag_tag ON run_tag (tag);

CREATE TABLE run_note (
  -- What somebody wrote about a run.
  run_id     INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,
  text       TEXT NOT NULL CHECK (text <> ''),
  written_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))  -- UTC
) STRICT;

CREATE TABLE run_removed (
  -- A run in the trash: no view but removed_runs shows it.
  run_id     INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,
  name       TEXT NOT NULL CHECK (name <> ''),  -- that it had
  removed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))  -- UTC
) STRICT;

CREATE TRIGGER run_folder_is_fixed BEFORE UPDATE ON run_folder
BEGIN
  SELECT RAISE(ABORT, 'a run keeps its folder: its files are there');
END;
CREATE TRIGGER run_folder_is_not_replaced BEFORE INSERT ON run_folder
WHEN EXISTS (SELECT 1 FROM run_folder WHERE run_id = NEW.run_id OR folder = NEW.folder)
BEGIN
  SELECT RAISE(ABORT, 'a run keeps its folder: its files are there');
END;
CREATE TRIGGER run_folder_is_kept BEFORE DELETE ON run_folder
WHEN EXISTS (SELECT 1 FROM run WHERE run_id = OLD.run_id)
BEGIN
  SELECT RAISE(ABORT, 'a run keeps its folder: its files are there');
END;
CREATE TRIGGER run_renamed_keeps_its_folder AFTER UPDATE OF name ON run
WHEN NEW.name IS NOT OLD.name AND NOT EXISTS (SELECT 1 FROM run_folder WHERE run_id = OLD.run_id)
BEGIN
  INSERT INTO run_folder (run_id, folder) VALUES (OLD.run_id, OLD.name);
END;
CREATE TRIGGER run_removed_has_ended BEFORE INSERT ON run_removed
WHEN (SELECT state FROM run WHERE run_id = NEW.run_id) = 'running'
BEGIN
  SELECT RAISE(ABORT, 'this run is being trained: stop it first');
END;
CREATE TRIGGER run_removed_is_not_trained BEFORE UPDATE OF state ON run
WHEN EXISTS (SELECT 1 FROM run_removed WHERE run_id = OLD.run_id)
BEGIN
  SELECT RAISE(ABORT, 'this run was removed: restore it first');
END;

-- What is finished is fixed but for its name; a run outlives the one it repeats.
DROP TRIGGER run_finished_is_fixed;
CREATE TRIGGER run_finished_is_fixed BEFORE UPDATE ON run
WHEN OLD.state = 'finished' AND (NEW.run_id IS NOT OLD.run_id OR NEW.state IS NOT OLD.state OR NEW.attempt IS NOT OLD.attempt
  OR NEW.epochs IS NOT OLD.epochs OR NEW.best_epoch IS NOT OLD.best_epoch OR NEW.host IS NOT OLD.host OR NEW.cpu IS NOT OLD.cpu
  OR NEW.isa IS NOT OLD.isa OR NEW.threads IS NOT OLD.threads OR NEW.program_version IS NOT OLD.program_version
  OR NEW.program_commit IS NOT OLD.program_commit OR NEW.command_line IS NOT OLD.command_line
  OR NEW.created_at IS NOT OLD.created_at OR NEW.started_at IS NOT OLD.started_at OR NEW.ended_at IS NOT OLD.ended_at
  OR NEW.seconds IS NOT OLD.seconds OR NEW.uuid IS NOT OLD.uuid OR NEW.model_id IS NOT OLD.model_id
  OR NEW.subset_id IS NOT OLD.subset_id OR NEW.val_subset_id IS NOT OLD.val_subset_id OR NEW.recipe_id IS NOT OLD.recipe_id
  OR NEW.target IS NOT OLD.target OR NEW.classes IS NOT OLD.classes OR NEW.seed IS NOT OLD.seed)
BEGIN
  SELECT RAISE(ABORT, 'this run is finished and cannot change');
END;
DROP TRIGGER run_keeps_its_origin;
CREATE TRIGGER run_keeps_its_origin BEFORE UPDATE OF run_id, parent_run_id, created_at ON run
WHEN NEW.run_id IS NOT OLD.run_id OR NEW.created_at IS NOT OLD.created_at
  OR (NEW.parent_run_id IS NOT OLD.parent_run_id
      AND NOT (NEW.parent_run_id IS NULL AND EXISTS (SELECT 1 FROM run_removed WHERE run_id = OLD.parent_run_id)))
BEGIN
  SELECT RAISE(ABORT, 'a run keeps its number, its parent and its beginning');
END;
-- Only what was removed before is deleted.
DROP TRIGGER run_finished_is_kept;
CREATE TRIGGER run_finished_is_kept BEFORE DELETE ON run
WHEN OLD.state = 'finished' AND NOT EXISTS (SELECT 1 FROM run_removed WHERE run_id = OLD.run_id)
BEGIN
  SELECT RAISE(ABORT, 'this run is finished and cannot be deleted');
END;
DROP TRIGGER run_measured_is_kept;
CREATE TRIGGER run_measured_is_kept BEFORE DELETE ON run
WHEN (OLD.state <> 'finished' OR EXISTS (SELECT 1 FROM run_removed WHERE run_id = OLD.run_id))
  AND (EXISTS (SELECT 1 FROM evaluation WHERE run_id = OLD.run_id) OR EXISTS (SELECT 1 FROM run WHERE parent_run_id = OLD.run_id))
BEGIN
  SELECT RAISE(ABORT, 'evaluations or other runs rest on this run: it is kept');
END;
DROP TRIGGER evaluation_of_finished_is_kept;
CREATE TRIGGER evaluation_of_finished_is_kept BEFORE DELETE ON evaluation
WHEN (SELECT state FROM run WHERE run_id = OLD.run_id) = 'finished'
  AND NOT EXISTS (SELECT 1 FROM run_removed WHERE run_id = OLD.run_id)
BEGIN
  SELECT RAISE(ABORT, 'this run is finished, and what it was measured on is kept');
END;
CREATE INDEX run_parent ON run (parent_run_id) WHERE parent_run_id IS NOT NULL;
