-- The catalog: every thing that happened is a row. What must never happen is refused here, not by care elsewhere.
-- Texts of CONSTRAINTs and RAISEs are read by people: they say why. Times are UTC, ISO 8601; paths are relative to the project.

-- Where things come from ------------------------------------------------------------------------------------------------

CREATE TABLE source (
  -- Where files come from: a folder, a file, volumes of an archive, a URL.
  source_id  INTEGER PRIMARY KEY,
  uri        TEXT NOT NULL UNIQUE,
  kind       TEXT NOT NULL,       -- folder, file, volumes, http, s3, kaggle
  etag       TEXT,                -- what the server calls this version
  bytes      INTEGER CHECK (bytes >= 0),
  sha256     TEXT CHECK (length(sha256) = 64),
  state      TEXT NOT NULL CONSTRAINT "a source is fetching, whole or broken" CHECK (state IN ('fetching', 'whole', 'broken')),
  fetched_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
) STRICT;

CREATE TABLE volume (
  -- One file of a source that comes in pieces (train.zip.001, .002, ...).
  volume_id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
  number    INTEGER NOT NULL CHECK (number >= 1),
  name      TEXT NOT NULL,
  bytes     INTEGER CHECK (bytes >= 0),
  sha256    TEXT CHECK (length(sha256) = 64),
  UNIQUE (source_id, number)
) STRICT;

CREATE TABLE member (
  -- A file that a source held and the project keeps.
  member_id  INTEGER PRIMARY KEY,
  source_id  INTEGER NOT NULL REFERENCES source,
  path       TEXT NOT NULL UNIQUE,  -- photos/1/train/10_left.jpeg
  photograph INTEGER NOT NULL DEFAULT 1 CHECK (photograph IN (0, 1)),  -- 0: another kind of file, never ingested
  bytes      INTEGER NOT NULL CHECK (bytes >= 0),
  crc32      INTEGER CHECK (crc32 BETWEEN 0 AND 4294967295),  -- as the archive states it
  sha256     TEXT CHECK (length(sha256) = 64),
  CONSTRAINT "paths in the catalog are relative to the project" CHECK (path NOT LIKE '/%' AND '/' || path || '/' NOT LIKE '%/../%')
) STRICT;
CREATE INDEX member_source ON member (source_id);

-- Photographs -----------------------------------------------------------------------------------------------------------

CREATE TABLE image (
  -- One photograph of an eye: accepted; rejected with a reason; or listed, known from a label file and without pixels.
  image_id  INTEGER PRIMARY KEY,
  member_id INTEGER REFERENCES member,
  name      TEXT NOT NULL CHECK (name <> ''),  -- 10_left
  copy      INTEGER NOT NULL DEFAULT 0 CHECK (copy >= 0),  -- 1, 2, ...: a later photograph of the same name, rejected for that
  patient   TEXT NOT NULL CHECK (patient <> ''),
  eye       TEXT CONSTRAINT "an eye is left or right" CHECK (eye IN ('left', 'right')),
  status    TEXT NOT NULL CONSTRAINT "an image is accepted, rejected or listed" CHECK (status IN ('accepted', 'rejected', 'listed')),
  reason    TEXT,                 -- of a rejection, to count by: black, undecodable, duplicate
  detail    TEXT,                 -- of a rejection, about this photograph
  format    TEXT,                 -- jpeg, png
  width     INTEGER CHECK (width BETWEEN 1 AND 65535),   -- px, upright
  height    INTEGER CHECK (height BETWEEN 1 AND 65535),
  sha256    TEXT CHECK (length(sha256) = 64),            -- of the file
  UNIQUE (name, copy),
  CONSTRAINT "a rejected image has a reason, and only that has one" CHECK ((status = 'rejected') = (reason IS NOT NULL)),
  CONSTRAINT "an accepted image has a file, a size and a hash" CHECK
    (status <> 'accepted' OR (member_id IS NOT NULL AND width IS NOT NULL AND height IS NOT NULL AND sha256 IS NOT NULL)),
  CONSTRAINT "a listed image has no file" CHECK (status <> 'listed' OR member_id IS NULL),
  CONSTRAINT "a second photograph of a name is rejected" CHECK (copy = 0 OR status = 'rejected')
) STRICT;
CREATE UNIQUE INDEX image_bytes ON image (sha256) WHERE status = 'accepted';
CREATE UNIQUE INDEX image_member ON image (member_id) WHERE member_id IS NOT NULL;

CREATE TRIGGER image_keeps_its_name BEFORE UPDATE OF name, patient, eye ON image
WHEN NEW.name IS NOT OLD.name OR NEW.patient IS NOT OLD.patient OR NEW.eye IS NOT OLD.eye
BEGIN
  SELECT RAISE(ABORT, 'an image keeps its name, patient and eye: splits rest on them');
END;

CREATE TABLE quality (
  -- Measures of an accepted or rejected photograph that need no recipe.
  image_id       INTEGER PRIMARY KEY REFERENCES image ON DELETE CASCADE,
  brightness     REAL,  -- 0..1
  contrast       REAL,  -- 0..1
  sharpness      REAL,  -- 0..1
  black_fraction REAL,  -- 0..1
  disc_radius    REAL,  -- of the lit disc, px
  disc_coverage  REAL,  -- the part of that disc inside the picture, 0..1
  phash          INTEGER,  -- 64-bit perceptual hash
  score          REAL CHECK (score BETWEEN 0 AND 1)
) STRICT;

-- Labels ----------------------------------------------------------------------------------------------------------------

CREATE TABLE label_import (
  -- One reading of a label file.
  import_id   INTEGER PRIMARY KEY,
  file        TEXT NOT NULL,
  sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
  scheme      TEXT NOT NULL CONSTRAINT "a scheme is icdr, eyeq or gradable" CHECK (scheme IN ('icdr', 'eyeq', 'gradable')),
  grader      TEXT NOT NULL,
  imported_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
) STRICT;

CREATE TABLE label (
  -- A grade that an import gave an image. History: nothing is overwritten; of a scheme the newest import wins.
  image_id  INTEGER NOT NULL REFERENCES image,
  scheme    TEXT NOT NULL,  -- icdr 0..4, eyeq 0 good..2 reject, gradable 0 no, 1 yes
  import_id INTEGER NOT NULL REFERENCES label_import,
  grade     INTEGER NOT NULL,
  PRIMARY KEY (image_id, scheme, import_id),
  CONSTRAINT "a grade lies on its scale: icdr 0-4, eyeq 0-2, gradable 0-1"
    CHECK (grade BETWEEN 0 AND CASE scheme WHEN 'icdr' THEN 4 WHEN 'eyeq' THEN 2 WHEN 'gradable' THEN 1 ELSE -1 END)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER label_has_its_imports_scheme BEFORE INSERT ON label
WHEN NEW.scheme <> (SELECT scheme FROM label_import WHERE import_id = NEW.import_id)
BEGIN
  SELECT RAISE(ABORT, 'a label has the scheme of its import');
END;
CREATE TRIGGER label_is_history BEFORE UPDATE ON label
BEGIN
  SELECT RAISE(ABORT, 'labels are history: import the corrected ones instead');
END;
CREATE TRIGGER label_stays_history BEFORE DELETE ON label
BEGIN
  SELECT RAISE(ABORT, 'labels are history: import the corrected ones instead');
END;

-- Samples and variants --------------------------------------------------------------------------------------------------

CREATE TABLE recipe (
  -- How a photograph becomes a sample.
  recipe_id INTEGER PRIMARY KEY,
  text      TEXT NOT NULL,  -- crop=retina size=256
  sha256    TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64)
) STRICT;

CREATE TABLE pack (
  -- A file that holds samples of one recipe, in slots of equal size.
  pack_id   INTEGER PRIMARY KEY,
  recipe_id INTEGER NOT NULL REFERENCES recipe,
  path      TEXT NOT NULL UNIQUE  -- samples/1-0001.pack
    CONSTRAINT "paths in the catalog are relative to the project" CHECK (path NOT LIKE '/%' AND '/' || path || '/' NOT LIKE '%/../%')
) STRICT;
CREATE INDEX pack_recipe ON pack (recipe_id);

CREATE TABLE sample (
  -- The pixels a recipe made of an image: where they lie.
  recipe_id INTEGER NOT NULL REFERENCES recipe,
  image_id  INTEGER NOT NULL REFERENCES image,
  pack_id   INTEGER NOT NULL REFERENCES pack,
  slot      INTEGER NOT NULL CHECK (slot >= 0),
  sha256    TEXT NOT NULL CHECK (length(sha256) = 64),  -- of the pixels
  PRIMARY KEY (recipe_id, image_id),
  UNIQUE (pack_id, slot)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER sample_is_of_an_accepted_image BEFORE INSERT ON sample
WHEN (SELECT status FROM image WHERE image_id = NEW.image_id) <> 'accepted'
BEGIN
  SELECT RAISE(ABORT, 'only an accepted image has samples');
END;
CREATE TRIGGER sample_lies_in_its_recipes_pack BEFORE INSERT ON sample
WHEN (SELECT recipe_id FROM pack WHERE pack_id = NEW.pack_id) <> NEW.recipe_id
BEGIN
  SELECT RAISE(ABORT, 'a sample lies in a pack of its own recipe');
END;

CREATE TABLE variant (
  -- A sample seen through a mirror and a rotation: a row, no pixels.
  variant_id INTEGER PRIMARY KEY,
  image_id   INTEGER NOT NULL REFERENCES image,
  mirror     INTEGER NOT NULL CHECK (mirror IN (0, 1)),  -- left and right swapped, before the rotation
  rotation   INTEGER NOT NULL CHECK (rotation BETWEEN 0 AND 359),  -- degrees, counter-clockwise
  UNIQUE (image_id, mirror, rotation)
) STRICT;

CREATE TRIGGER variant_needs_an_image_in_use BEFORE INSERT ON variant
WHEN (SELECT status FROM image WHERE image_id = NEW.image_id) = 'rejected'
BEGIN
  SELECT RAISE(ABORT, 'a rejected image has no variants');
END;
CREATE TRIGGER variant_is_fixed BEFORE UPDATE ON variant
BEGIN
  SELECT RAISE(ABORT, 'a variant does not change: subsets rest on it');
END;

-- Splits and subsets ----------------------------------------------------------------------------------------------------

CREATE TABLE split (
  -- Patients assigned to train, val and test.
  split_id   INTEGER PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE CHECK (name <> ''),
  seed       INTEGER NOT NULL,
  rule       TEXT NOT NULL,  -- how it was made, as on the command line
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
) STRICT;

CREATE TABLE assignment (
  -- The part a patient has in a split: one, by the primary key.
  split_id INTEGER NOT NULL REFERENCES split ON DELETE CASCADE,
  patient  TEXT NOT NULL,
  part     TEXT NOT NULL CONSTRAINT "a part is train, val or test" CHECK (part IN ('train', 'val', 'test')),
  PRIMARY KEY (split_id, patient)
) STRICT, WITHOUT ROWID;

CREATE TABLE subset (
  -- Variants chosen by a query and frozen.
  subset_id INTEGER PRIMARY KEY,
  name      TEXT NOT NULL UNIQUE CHECK (name <> ''),
  sql       TEXT NOT NULL,
  split_id  INTEGER REFERENCES split,  -- by which part was told
  part      TEXT CONSTRAINT "a part is train, val or test" CHECK (part IN ('train', 'val', 'test')),  -- of all members; NULL: several
  members   INTEGER NOT NULL CHECK (members > 0),
  sha256    TEXT NOT NULL CHECK (length(sha256) = 64),  -- of the sorted lines "NAME MIRROR ROTATION"
  frozen_at TEXT,  -- NULL only while its members are being written
  CONSTRAINT "a part belongs to a split" CHECK (part IS NULL OR split_id IS NOT NULL)
) STRICT;
CREATE INDEX subset_split ON subset (split_id);

CREATE TABLE subset_member (
  -- The variants of a subset.
  subset_id  INTEGER NOT NULL REFERENCES subset ON DELETE CASCADE,
  variant_id INTEGER NOT NULL REFERENCES variant,
  PRIMARY KEY (subset_id, variant_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX subset_member_variant ON subset_member (variant_id);

CREATE TRIGGER assignment_in_use_is_not_added_to BEFORE INSERT ON assignment
WHEN EXISTS (SELECT 1 FROM subset WHERE split_id = NEW.split_id)
BEGIN
  SELECT RAISE(ABORT, 'this split is in use by a subset and cannot change: make a new split');
END;
CREATE TRIGGER assignment_in_use_is_fixed BEFORE UPDATE ON assignment
WHEN EXISTS (SELECT 1 FROM subset WHERE split_id IN (OLD.split_id, NEW.split_id))
BEGIN
  SELECT RAISE(ABORT, 'this split is in use by a subset and cannot change: make a new split');
END;
CREATE TRIGGER assignment_in_use_is_kept BEFORE DELETE ON assignment
WHEN EXISTS (SELECT 1 FROM subset WHERE split_id = OLD.split_id)
BEGIN
  SELECT RAISE(ABORT, 'this split is in use by a subset and cannot change: make a new split');
END;

CREATE TRIGGER subset_frozen_is_fixed BEFORE UPDATE ON subset
WHEN OLD.frozen_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'this subset is frozen and cannot change: make a new subset');
END;
CREATE TRIGGER subset_freezes_whole BEFORE UPDATE OF frozen_at ON subset
WHEN NEW.frozen_at IS NOT NULL AND NEW.members <> (SELECT count(*) FROM subset_member WHERE subset_id = NEW.subset_id)
BEGIN
  SELECT RAISE(ABORT, 'a subset is frozen with all its members');
END;
CREATE TRIGGER subset_member_of_frozen_is_not_added BEFORE INSERT ON subset_member
WHEN (SELECT frozen_at FROM subset WHERE subset_id = NEW.subset_id) IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'this subset is frozen and cannot change: make a new subset');
END;
CREATE TRIGGER subset_member_has_the_subsets_part BEFORE INSERT ON subset_member
WHEN (SELECT part FROM subset WHERE subset_id = NEW.subset_id) IS NOT
     (SELECT a.part
      FROM subset s
      JOIN variant v ON v.variant_id = NEW.variant_id
      JOIN image i ON i.image_id = v.image_id
      JOIN assignment a ON a.split_id = s.split_id AND a.patient = i.patient
      WHERE s.subset_id = NEW.subset_id AND s.part IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'a variant of a patient in another part cannot be in this subset');
END;
CREATE TRIGGER subset_member_is_fixed BEFORE UPDATE ON subset_member
BEGIN
  SELECT RAISE(ABORT, 'the members of a subset cannot change: make a new subset');
END;
CREATE TRIGGER subset_member_of_frozen_is_kept BEFORE DELETE ON subset_member
WHEN (SELECT frozen_at FROM subset WHERE subset_id = OLD.subset_id) IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'this subset is frozen and cannot change: make a new subset');
END;

-- Runs ------------------------------------------------------------------------------------------------------------------

CREATE TABLE model (
  -- A network text and what it is called.
  model_id INTEGER PRIMARY KEY,
  name     TEXT NOT NULL CHECK (name <> ''),
  spec     TEXT NOT NULL,
  sha256   TEXT NOT NULL CHECK (length(sha256) = 64),  -- of the spec
  UNIQUE (name, sha256)
) STRICT;

CREATE TABLE run (
  -- One training: what it was made of, where, and what became of it.
  run_id          INTEGER PRIMARY KEY,
  uuid            TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36),
  name            TEXT NOT NULL UNIQUE CHECK (name <> ''),
  parent_run_id   INTEGER REFERENCES run,  -- the run it continues or repeats
  model_id        INTEGER NOT NULL REFERENCES model,
  subset_id       INTEGER NOT NULL REFERENCES subset,
  val_subset_id   INTEGER REFERENCES subset,
  recipe_id       INTEGER NOT NULL REFERENCES recipe,
  target          TEXT NOT NULL,  -- SQL over the view variants: grade >= 2
  classes         TEXT NOT NULL CONSTRAINT "classes are a JSON array" CHECK (json_valid(classes) AND json_type(classes) = 'array'),
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
  seconds         REAL  -- of all attempts
) STRICT;
CREATE INDEX run_subset ON run (subset_id);

CREATE TRIGGER run_starts_on_frozen_subsets BEFORE INSERT ON run
WHEN EXISTS (SELECT 1 FROM subset WHERE subset_id IN (NEW.subset_id, NEW.val_subset_id) AND frozen_at IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'a run is made of frozen subsets');
END;
CREATE TRIGGER run_finished_is_fixed BEFORE UPDATE ON run
WHEN OLD.state = 'finished'
BEGIN
  SELECT RAISE(ABORT, 'this run is finished and cannot change');
END;
CREATE TRIGGER run_finished_is_kept BEFORE DELETE ON run
WHEN OLD.state = 'finished'
BEGIN
  SELECT RAISE(ABORT, 'this run is finished and cannot be deleted');
END;
CREATE TRIGGER run_keeps_what_it_is_made_of BEFORE UPDATE OF
  uuid, model_id, subset_id, val_subset_id, recipe_id, target, classes, seed ON run
WHEN OLD.uuid IS NOT NEW.uuid OR OLD.model_id IS NOT NEW.model_id OR OLD.subset_id IS NOT NEW.subset_id
  OR OLD.val_subset_id IS NOT NEW.val_subset_id OR OLD.recipe_id IS NOT NEW.recipe_id
  OR OLD.target IS NOT NEW.target OR OLD.classes IS NOT NEW.classes OR OLD.seed IS NOT NEW.seed
BEGIN
  SELECT RAISE(ABORT, 'a run keeps what it was made of: start another one');
END;

CREATE TABLE param (
  -- A setting of a run.
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  name   TEXT NOT NULL,
  value  TEXT NOT NULL,
  PRIMARY KEY (run_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE metric (
  -- A number measured while a run trained. An epoch done again by a later attempt has rows of both.
  run_id  INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  part    TEXT NOT NULL CONSTRAINT "a part is train, val, test or empty" CHECK (part IN ('train', 'val', 'test', '')),
  name    TEXT NOT NULL CHECK (name <> ''),
  attempt INTEGER NOT NULL CHECK (attempt >= 1),
  step    INTEGER NOT NULL CHECK (step >= 0),   -- optimiser steps done
  epoch   INTEGER NOT NULL CHECK (epoch >= 0),  -- from 1
  value   REAL,                                 -- NULL: not a number
  PRIMARY KEY (run_id, part, name, attempt, step)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER metric_of_finished_is_not_added BEFORE INSERT ON metric
WHEN (SELECT state FROM run WHERE run_id = NEW.run_id) = 'finished'
BEGIN
  SELECT RAISE(ABORT, 'this run is finished and takes no more metrics');
END;
CREATE TRIGGER metric_is_fixed BEFORE UPDATE ON metric
BEGIN
  SELECT RAISE(ABORT, 'a metric that was measured does not change');
END;
CREATE TRIGGER metric_of_finished_is_kept BEFORE DELETE ON metric
WHEN (SELECT state FROM run WHERE run_id = OLD.run_id) = 'finished'
BEGIN
  SELECT RAISE(ABORT, 'this run is finished and cannot change');
END;
CREATE TRIGGER param_of_finished_is_not_added BEFORE INSERT ON param
WHEN (SELECT state FROM run WHERE run_id = NEW.run_id) = 'finished'
BEGIN
  SELECT RAISE(ABORT, 'this run is finished and cannot change');
END;
CREATE TRIGGER param_of_finished_is_fixed BEFORE UPDATE ON param
WHEN (SELECT state FROM run WHERE run_id = OLD.run_id) = 'finished'
BEGIN
  SELECT RAISE(ABORT, 'this run is finished and cannot change');
END;
CREATE TRIGGER param_of_finished_is_kept BEFORE DELETE ON param
WHEN (SELECT state FROM run WHERE run_id = OLD.run_id) = 'finished'
BEGIN
  SELECT RAISE(ABORT, 'this run is finished and cannot change');
END;

CREATE TABLE checkpoint (
  -- The weights kept of a run: the best and the last.
  run_id     INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  kind       TEXT NOT NULL CONSTRAINT "a checkpoint is best or last" CHECK (kind IN ('best', 'last')),
  attempt    INTEGER NOT NULL,
  epoch      INTEGER NOT NULL,
  step       INTEGER NOT NULL,
  path       TEXT NOT NULL
    CONSTRAINT "paths in the catalog are relative to the project" CHECK (path NOT LIKE '/%' AND '/' || path || '/' NOT LIKE '%/../%'),
  sha256     TEXT NOT NULL CHECK (length(sha256) = 64),
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  PRIMARY KEY (run_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER checkpoint_of_finished_is_not_added BEFORE INSERT ON checkpoint
WHEN (SELECT state FROM run WHERE run_id = NEW.run_id) = 'finished'
BEGIN
  SELECT RAISE(ABORT, 'this run is finished and cannot change');
END;
CREATE TRIGGER checkpoint_of_finished_is_fixed BEFORE UPDATE ON checkpoint
WHEN (SELECT state FROM run WHERE run_id = OLD.run_id) = 'finished'
BEGIN
  SELECT RAISE(ABORT, 'this run is finished and cannot change');
END;

CREATE TABLE artifact (
  -- Any other file made of a run.
  artifact_id INTEGER PRIMARY KEY,
  run_id      INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  kind        TEXT NOT NULL,  -- weights, report, onnx
  path        TEXT NOT NULL
    CONSTRAINT "paths in the catalog are relative to the project" CHECK (path NOT LIKE '/%' AND '/' || path || '/' NOT LIKE '%/../%'),
  sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
  created_at  TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  UNIQUE (run_id, kind, path)
) STRICT;

CREATE TABLE evaluation (
  -- One run's model measured on one subset.
  evaluation_id  INTEGER PRIMARY KEY,
  run_id         INTEGER NOT NULL REFERENCES run,
  subset_id      INTEGER NOT NULL REFERENCES subset,
  seed           INTEGER NOT NULL,
  weights_sha256 TEXT NOT NULL CHECK (length(weights_sha256) = 64),
  created_at     TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
) STRICT;
CREATE INDEX evaluation_run ON evaluation (run_id);

CREATE TABLE prediction (
  -- What the model said about one variant. Classes are counted from 0 in the order of run.classes.
  evaluation_id INTEGER NOT NULL REFERENCES evaluation ON DELETE CASCADE,
  variant_id    INTEGER NOT NULL REFERENCES variant,
  truth         INTEGER CHECK (truth >= 0),          -- NULL: not known
  predicted     INTEGER NOT NULL CHECK (predicted >= 0),
  score         REAL NOT NULL,                       -- of two classes the last one's probability, else the expected class
  probabilities TEXT NOT NULL CONSTRAINT "probabilities are a JSON array" CHECK (json_valid(probabilities)),
  PRIMARY KEY (evaluation_id, variant_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER prediction_is_of_a_member BEFORE INSERT ON prediction
WHEN NOT EXISTS (SELECT 1 FROM evaluation e JOIN subset_member m ON m.subset_id = e.subset_id
                 WHERE e.evaluation_id = NEW.evaluation_id AND m.variant_id = NEW.variant_id)
BEGIN
  SELECT RAISE(ABORT, 'a prediction is of a member of the evaluated subset');
END;
CREATE TRIGGER prediction_is_fixed BEFORE UPDATE ON prediction
BEGIN
  SELECT RAISE(ABORT, 'a prediction does not change: evaluate again');
END;
