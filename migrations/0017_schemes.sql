-- Scales of labels are rows: users add their own. The tables of labels refer to them; a CHECK named the three that were built in.

CREATE TABLE scheme (
  -- A scale of labels: whole numbers from the lowest to the highest value.
  name        TEXT NOT NULL PRIMARY KEY  -- icdr, dme
    CONSTRAINT "the name of a scheme has 1 to 100 bytes, without control characters, a leading dot, slashes and surrounding spaces" CHECK
      (length(CAST(name AS BLOB)) BETWEEN 1 AND 100 AND name = trim(name, ' ') AND instr(name, char(0)) = 0
       AND NOT name GLOB '*[' || char(1) || '-' || char(31) || char(127) || '-' || char(159) || ']*'
       AND NOT name GLOB '.*' AND NOT name GLOB '*[/\]*'),
  lowest      INTEGER NOT NULL,  -- 0..99
  highest     INTEGER NOT NULL,  -- above the lowest, up to 100
  ordered     INTEGER NOT NULL DEFAULT 1 CHECK (ordered IN (0, 1)),   -- 1: a higher value is more of the same; 0: the values are kinds
  built_in    INTEGER NOT NULL DEFAULT 0 CHECK (built_in IN (0, 1)),  -- 1: it came with eyenet and stays
  description TEXT CHECK (description <> ''),  -- what is graded; NULL: nobody said
  added_at    TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),  -- UTC
  CONSTRAINT "the values of a scheme are between 0 and 100, the lowest below the highest" CHECK
    (lowest BETWEEN 0 AND 99 AND highest BETWEEN lowest + 1 AND 100)
) STRICT;

CREATE TABLE scheme_value (
  -- What a value of a scheme is called.
  scheme TEXT NOT NULL REFERENCES scheme ON DELETE CASCADE,
  value  INTEGER NOT NULL,
  name   TEXT NOT NULL  -- mild
    CONSTRAINT "the name of a value has 1 to 100 bytes, without control characters, commas, equals signs and surrounding spaces" CHECK
      (length(CAST(name AS BLOB)) BETWEEN 1 AND 100 AND name = trim(name, ' ') AND instr(name, ',') = 0 AND instr(name, '=') = 0
       AND instr(name, char(0)) = 0
       AND NOT name GLOB '*[' || char(1) || '-' || char(31) || char(127) || '-' || char(159) || ']*'),
  PRIMARY KEY (scheme, value)
) STRICT, WITHOUT ROWID;

INSERT INTO scheme (name, lowest, highest, built_in, description) VALUES
  ('icdr', 0, 4, 1, 'diabetic retinopathy, International Clinical Diabetic Retinopathy scale'),
  ('eyeq', 0, 2, 1, 'quality of the photograph, as EyeQ grades it'),
  ('gradable', 0, 1, 1, 'whether the photograph is good enough to grade');
INSERT INTO scheme_value (scheme, value, name) VALUES
  ('icdr', 0, 'none'), ('icdr', 1, 'mild'), ('icdr', 2, 'moderate'), ('icdr', 3, 'severe'), ('icdr', 4, 'proliferative'),
  ('eyeq', 0, 'good'), ('eyeq', 1, 'usable'), ('eyeq', 2, 'reject'),
  ('gradable', 0, 'not gradable'), ('gradable', 1, 'gradable');

CREATE TABLE label_import_new (
  -- One reading of a label file.
  import_id   INTEGER PRIMARY KEY,
  file        TEXT NOT NULL,
  sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
  scheme      TEXT NOT NULL REFERENCES scheme,
  grader      TEXT NOT NULL,
  imported_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
) STRICT;
INSERT INTO label_import_new (import_id, file, sha256, scheme, grader, imported_at)
SELECT import_id, file, sha256, scheme, grader, imported_at FROM label_import;
DROP TABLE label_import;
ALTER TABLE label_import_new RENAME TO label_import;
CREATE INDEX label_import_scheme ON label_import (scheme);

CREATE TABLE label_new (
  -- A grade that an import gave an image. History: nothing is overwritten; of a scheme the newest import wins.
  image_id  INTEGER NOT NULL REFERENCES image,
  scheme    TEXT NOT NULL,  -- icdr, eyeq, gradable, or a user's
  import_id INTEGER NOT NULL REFERENCES label_import,
  grade     INTEGER NOT NULL,  -- between the lowest and the highest value of the scheme
  PRIMARY KEY (image_id, scheme, import_id)
) STRICT, WITHOUT ROWID;
INSERT INTO label_new (image_id, scheme, import_id, grade) SELECT image_id, scheme, import_id, grade FROM label;
DROP TABLE label;
ALTER TABLE label_new RENAME TO label;

CREATE TRIGGER scheme_is_fixed BEFORE UPDATE ON scheme
BEGIN
  SELECT RAISE(ABORT, 'a scheme does not change: labels rest on it');
END;
CREATE TRIGGER scheme_is_not_replaced BEFORE INSERT ON scheme
WHEN EXISTS (SELECT 1 FROM scheme WHERE name = NEW.name)
BEGIN
  SELECT RAISE(ABORT, 'there is such a scheme already, and it is not replaced');
END;
CREATE TRIGGER scheme_in_use_is_kept BEFORE DELETE ON scheme
WHEN EXISTS (SELECT 1 FROM label_import WHERE scheme = OLD.name)
BEGIN
  SELECT RAISE(ABORT, 'labels rest on this scheme: it is kept');
END;
CREATE TRIGGER scheme_built_in_is_kept BEFORE DELETE ON scheme
WHEN OLD.built_in = 1
BEGIN
  SELECT RAISE(ABORT, 'this scheme is built in: it is kept');
END;
CREATE TRIGGER scheme_value_is_on_its_scale BEFORE INSERT ON scheme_value
WHEN NOT EXISTS (SELECT 1 FROM scheme WHERE name = NEW.scheme AND NEW.value BETWEEN lowest AND highest)
BEGIN
  SELECT RAISE(ABORT, 'only a value of the scheme has a name');
END;
CREATE TRIGGER scheme_value_is_fixed BEFORE UPDATE ON scheme_value
BEGIN
  SELECT RAISE(ABORT, 'the names of a scheme do not change: labels were given by them');
END;
CREATE TRIGGER scheme_value_is_not_replaced BEFORE INSERT ON scheme_value
WHEN EXISTS (SELECT 1 FROM scheme_value WHERE scheme = NEW.scheme AND value = NEW.value)
BEGIN
  SELECT RAISE(ABORT, 'this value has a name already, and it is not replaced');
END;
-- A removed scheme is gone when the names of its values follow it.
CREATE TRIGGER scheme_value_is_kept BEFORE DELETE ON scheme_value
WHEN EXISTS (SELECT 1 FROM scheme WHERE name = OLD.scheme)
BEGIN
  SELECT RAISE(ABORT, 'the names of a scheme do not change: labels were given by them');
END;

-- The rules of the tables that were replaced; what a CHECK said of grades is a trigger.
CREATE TRIGGER label_import_is_of_a_scheme BEFORE INSERT ON label_import
WHEN NOT EXISTS (SELECT 1 FROM scheme WHERE name = NEW.scheme)
BEGIN
  SELECT RAISE(ABORT, 'there is no such scheme');
END;
CREATE TRIGGER label_import_is_history BEFORE UPDATE ON label_import
BEGIN
  SELECT RAISE(ABORT, 'an import is history: its labels say whose they are by it');
END;
CREATE TRIGGER label_import_is_not_replaced BEFORE INSERT ON label_import
WHEN EXISTS (SELECT 1 FROM label_import WHERE import_id = NEW.import_id)
BEGIN
  SELECT RAISE(ABORT, 'there is such an import already, and it is not replaced');
END;
CREATE TRIGGER label_import_stays_history BEFORE DELETE ON label_import
WHEN EXISTS (SELECT 1 FROM label WHERE import_id = OLD.import_id)
BEGIN
  SELECT RAISE(ABORT, 'this import has labels: it is kept');
END;
CREATE TRIGGER label_is_on_its_scale BEFORE INSERT ON label
WHEN NOT EXISTS (SELECT 1 FROM scheme WHERE name = NEW.scheme AND NEW.grade BETWEEN lowest AND highest)
BEGIN
  SELECT RAISE(ABORT, 'a grade lies between the lowest and the highest value of its scheme');
END;
CREATE TRIGGER label_has_its_imports_scheme BEFORE INSERT ON label
WHEN NEW.scheme <> (SELECT scheme FROM label_import WHERE import_id = NEW.import_id)
BEGIN
  SELECT RAISE(ABORT, 'a label has the scheme of its import');
END;
CREATE TRIGGER label_is_not_replaced BEFORE INSERT ON label
WHEN EXISTS (SELECT 1 FROM label WHERE image_id = NEW.image_id AND scheme = NEW.scheme AND import_id = NEW.import_id)
BEGIN
  SELECT RAISE(ABORT, 'there is such a label already, and it is not replaced');
END;
CREATE TRIGGER label_is_history BEFORE UPDATE ON label
BEGIN
  SELECT RAISE(ABORT, 'labels are history: import the corrected ones instead');
END;
CREATE TRIGGER label_stays_history BEFORE DELETE ON label
BEGIN
  SELECT RAISE(ABORT, 'labels are history: import the corrected ones instead');
END;
