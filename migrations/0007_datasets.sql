-- A photograph is known within its dataset: two collections, or two folders of one, may have an IDRiD_001 each. Patients are
-- recognised in more ways than by _left and _right, and how is a column.

CREATE TABLE dataset (
  -- A collection of photographs in which a name means one of them; sources belong to it.
  dataset_id   INTEGER PRIMARY KEY,
  name         TEXT NOT NULL UNIQUE CHECK (name <> ''),  -- idrid
  own_patients INTEGER NOT NULL DEFAULT 0 CHECK (own_patients IN (0, 1))  -- 1: its patient 10 is not that of the others: "idrid/10"
) STRICT;

-- One per source, named for the last part of its uri, without what archives are called by.
INSERT INTO dataset (dataset_id, name)
WITH whole AS (
  SELECT source_id, rtrim(CASE WHEN kind IN ('http', 's3') AND instr(uri, '?') > 0 THEN substr(uri, 1, instr(uri, '?') - 1)
                               ELSE uri END, '/') AS uri
  FROM source),
file AS (
  SELECT source_id, lower(substr(uri, length(rtrim(uri, replace(uri, '/', ''))) + 1)) AS low,
    substr(uri, length(rtrim(uri, replace(uri, '/', ''))) + 1) AS file
  FROM whole),
base AS (
  SELECT source_id, coalesce(nullif(CASE
    WHEN instr(low, '.zip') > 1 THEN substr(file, 1, instr(low, '.zip') - 1)
    WHEN instr(low, '.tar') > 1 THEN substr(file, 1, instr(low, '.tar') - 1)
    WHEN instr(low, '.tgz') > 1 THEN substr(file, 1, instr(low, '.tgz') - 1)
    ELSE file END, ''), 'photographs') AS base
  FROM file)
SELECT source_id,
  CASE WHEN count(*) OVER (PARTITION BY base) = 1 AND base NOT LIKE '% (source %)' THEN base
       ELSE base || ' (source ' || source_id || ')' END
FROM base;

CREATE TRIGGER dataset_keeps_its_name BEFORE UPDATE OF dataset_id, name ON dataset
WHEN NEW.dataset_id IS NOT OLD.dataset_id OR NEW.name IS NOT OLD.name
BEGIN
  SELECT RAISE(ABORT, 'a dataset keeps its name: images are known by it');
END;
CREATE TRIGGER dataset_is_not_replaced BEFORE INSERT ON dataset
WHEN EXISTS (SELECT 1 FROM dataset WHERE dataset_id = NEW.dataset_id OR name = NEW.name)
BEGIN
  SELECT RAISE(ABORT, 'there is such a dataset already, and it is not replaced');
END;
CREATE TRIGGER dataset_in_use_is_kept BEFORE DELETE ON dataset
WHEN EXISTS (SELECT 1 FROM source WHERE dataset_id = OLD.dataset_id) OR EXISTS (SELECT 1 FROM image WHERE dataset_id = OLD.dataset_id)
BEGIN
  SELECT RAISE(ABORT, 'sources or images belong to this dataset: it is kept');
END;

-- Sources ---------------------------------------------------------------------------------------------------------------

CREATE TABLE source_new (
  -- Where files come from: a folder, a file, volumes of an archive, a URL.
  source_id  INTEGER PRIMARY KEY,
  uri        TEXT NOT NULL,       -- https://host/train.zip, /data/photos, train.zip.001
  version    INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1),  -- 2, 3, ...: other bytes were found under the same uri
  kind       TEXT NOT NULL        -- folder, file, volumes, http, s3, kaggle
    CONSTRAINT "a kind of source is folder, file, volumes, http, s3 or kaggle"
    CHECK (kind IN ('folder', 'file', 'volumes', 'http', 's3', 'kaggle')),
  etag       TEXT,                -- what the server calls this version
  bytes      INTEGER CHECK (bytes >= 0),            -- of all its files; NULL: unknown
  sha256     TEXT CHECK (length(sha256) = 64),      -- of its files or of their list
  state      TEXT NOT NULL        -- fetching, whole, broken
    CONSTRAINT "a source is fetching, whole or broken" CHECK (state IN ('fetching', 'whole', 'broken')),
  fetched_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),  -- UTC
  dataset_id INTEGER REFERENCES dataset,  -- that its photographs belong to
  UNIQUE (uri, version)
) STRICT;
INSERT INTO source_new (source_id, uri, version, kind, etag, bytes, sha256, state, fetched_at, dataset_id)
SELECT source_id, uri, version, kind, etag, bytes, sha256, state, fetched_at, source_id FROM source;
DROP TABLE source;
ALTER TABLE source_new RENAME TO source;
CREATE INDEX source_dataset ON source (dataset_id);

CREATE TRIGGER source_is_not_replaced BEFORE INSERT ON source
WHEN EXISTS (SELECT 1 FROM source WHERE source_id = NEW.source_id)
BEGIN
  SELECT RAISE(ABORT, 'there is such a source already, and it is not replaced');
END;
CREATE TRIGGER source_keeps_its_uri BEFORE UPDATE OF source_id, uri, version ON source
WHEN NEW.source_id IS NOT OLD.source_id OR NEW.uri IS NOT OLD.uri OR NEW.version IS NOT OLD.version
BEGIN
  SELECT RAISE(ABORT, 'a source keeps its uri and version: they say where files came from');
END;
CREATE TRIGGER source_keeps_its_dataset BEFORE UPDATE OF dataset_id ON source
WHEN NEW.dataset_id IS NOT OLD.dataset_id
  AND EXISTS (SELECT 1 FROM member m JOIN image i ON i.member_id = m.member_id WHERE m.source_id = OLD.source_id)
BEGIN
  SELECT RAISE(ABORT, 'a source with ingested photographs keeps its dataset: images are known by it');
END;
CREATE TRIGGER source_with_files_is_kept BEFORE DELETE ON source
WHEN EXISTS (SELECT 1 FROM member WHERE source_id = OLD.source_id)
BEGIN
  SELECT RAISE(ABORT, 'files came from this source: it is kept');
END;

-- Photographs -----------------------------------------------------------------------------------------------------------

CREATE TABLE image_new (
  -- One photograph of an eye: accepted; rejected with a reason; or listed, known from a label file and without pixels.
  image_id     INTEGER PRIMARY KEY,
  member_id    INTEGER REFERENCES member,
  name         TEXT NOT NULL CHECK (name <> ''),  -- 10_left; with its folder where the dataset has several: Training/IDRiD_001
  copy         INTEGER NOT NULL DEFAULT 0 CHECK (copy >= 0),  -- 1, 2, ...: a later photograph of the same name, rejected for that
  patient      TEXT NOT NULL CHECK (patient <> ''),
  eye          TEXT CONSTRAINT "an eye is left or right" CHECK (eye IN ('left', 'right')),
  status       TEXT NOT NULL CONSTRAINT "an image is accepted, rejected or listed" CHECK (status IN ('accepted', 'rejected', 'listed')),
  reason       TEXT,                 -- of a rejection, to count by: black, undecodable, duplicate
  detail       TEXT,                 -- of a rejection, about this photograph
  format       TEXT,                 -- jpeg, png
  width        INTEGER CHECK (width BETWEEN 1 AND 65535),   -- px, upright
  height       INTEGER CHECK (height BETWEEN 1 AND 65535),
  sha256       TEXT CHECK (length(sha256) = 64),            -- of the file
  dataset_id   INTEGER REFERENCES dataset,  -- NULL: listed, and no dataset was named
  qualified    TEXT CHECK (qualified <> ''),  -- dataset/name, where another dataset had the name before: what hashes are made of
  patient_from TEXT  -- how the patient is known; NULL: it is not, and the image counts as a patient of its own
    CONSTRAINT "a patient is known from name, pattern, column or pairs" CHECK (patient_from IN ('name', 'pattern', 'column', 'pairs')),
  CONSTRAINT "a rejected image has a reason, and only that has one" CHECK ((status = 'rejected') = (reason IS NOT NULL)),
  CONSTRAINT "an accepted image has a file, a size and a hash" CHECK
    (status <> 'accepted' OR (member_id IS NOT NULL AND width IS NOT NULL AND height IS NOT NULL AND sha256 IS NOT NULL)),
  CONSTRAINT "a listed image has no file" CHECK (status <> 'listed' OR member_id IS NULL),
  CONSTRAINT "a second photograph of a name is rejected" CHECK (copy = 0 OR status = 'rejected')
) STRICT;
INSERT INTO image_new (image_id, member_id, name, copy, patient, eye, status, reason, detail, format, width, height, sha256, dataset_id,
  patient_from)
SELECT i.image_id, i.member_id, i.name, i.copy, i.patient, i.eye, i.status, i.reason, i.detail, i.format, i.width, i.height, i.sha256,
  m.source_id, CASE WHEN i.eye IS NOT NULL THEN 'name' END
FROM image i
LEFT JOIN member m ON m.member_id = i.member_id;
DROP TABLE image;
ALTER TABLE image_new RENAME TO image;
CREATE UNIQUE INDEX image_bytes ON image (sha256) WHERE status = 'accepted';
CREATE UNIQUE INDEX image_member ON image (member_id) WHERE member_id IS NOT NULL;
CREATE UNIQUE INDEX image_name ON image (name, ifnull(dataset_id, 0), copy);
CREATE UNIQUE INDEX image_qualified ON image (qualified, copy) WHERE qualified IS NOT NULL;
CREATE INDEX image_patient ON image (patient);
-- By the last part of the name, which a label file gives.
CREATE INDEX image_stem ON image (substr(name, length(rtrim(name, replace(name, '/', ''))) + 1));

CREATE TRIGGER image_keeps_its_name BEFORE UPDATE OF name, qualified, dataset_id ON image
WHEN NEW.name IS NOT OLD.name OR NEW.qualified IS NOT OLD.qualified
  OR (OLD.dataset_id IS NOT NULL AND NEW.dataset_id IS NOT OLD.dataset_id)
BEGIN
  SELECT RAISE(ABORT, 'an image keeps its name and dataset: subsets rest on them');
END;
CREATE TRIGGER image_keeps_its_patient BEFORE UPDATE OF patient ON image
WHEN NEW.patient IS NOT OLD.patient
  AND EXISTS (SELECT 1 FROM assignment a JOIN subset s ON s.split_id = a.split_id WHERE a.patient IN (OLD.patient, NEW.patient))
BEGIN
  SELECT RAISE(ABORT, 'an image keeps its patient: subsets were chosen by a split of these patients');
END;
CREATE TRIGGER image_keeps_its_number BEFORE UPDATE OF image_id, copy ON image
WHEN NEW.image_id IS NOT OLD.image_id OR NEW.copy IS NOT OLD.copy
BEGIN
  SELECT RAISE(ABORT, 'an image keeps its numbers: labels, samples and variants rest on them');
END;
CREATE TRIGGER image_keeps_its_file BEFORE UPDATE OF member_id, format, width, height, sha256 ON image
WHEN (OLD.status <> 'rejected' OR EXISTS (SELECT 1 FROM sample WHERE image_id = OLD.image_id))
  AND ((OLD.member_id IS NOT NULL AND NEW.member_id IS NOT OLD.member_id)
    OR (OLD.format IS NOT NULL AND NEW.format IS NOT OLD.format)
    OR (OLD.width IS NOT NULL AND NEW.width IS NOT OLD.width)
    OR (OLD.height IS NOT NULL AND NEW.height IS NOT OLD.height)
    OR (OLD.sha256 IS NOT NULL AND NEW.sha256 IS NOT OLD.sha256))
BEGIN
  SELECT RAISE(ABORT, 'an image keeps its file, size and hash: samples rest on them');
END;
CREATE TRIGGER image_takes_no_others_place BEFORE UPDATE OF member_id, status, sha256 ON image
WHEN EXISTS (SELECT 1 FROM image WHERE member_id = NEW.member_id AND image_id <> OLD.image_id)
  OR (NEW.status = 'accepted'
      AND EXISTS (SELECT 1 FROM image WHERE sha256 = NEW.sha256 AND status = 'accepted' AND image_id <> OLD.image_id))
BEGIN
  SELECT RAISE(ABORT, 'this photograph is another image already');
END;
CREATE TRIGGER image_is_not_replaced BEFORE INSERT ON image
WHEN EXISTS (SELECT 1 FROM image WHERE image_id = NEW.image_id)
  OR EXISTS (SELECT 1 FROM image WHERE name = NEW.name AND ifnull(dataset_id, 0) = ifnull(NEW.dataset_id, 0) AND copy = NEW.copy)
  OR EXISTS (SELECT 1 FROM image WHERE qualified = NEW.qualified AND copy = NEW.copy)
  OR EXISTS (SELECT 1 FROM image WHERE member_id = NEW.member_id)
  OR (NEW.status = 'accepted' AND EXISTS (SELECT 1 FROM image WHERE sha256 = NEW.sha256 AND status = 'accepted'))
BEGIN
  SELECT RAISE(ABORT, 'there is such an image already, and it is not replaced');
END;
CREATE TRIGGER image_in_use_is_kept BEFORE DELETE ON image
WHEN EXISTS (SELECT 1 FROM label WHERE image_id = OLD.image_id)
  OR EXISTS (SELECT 1 FROM variant WHERE image_id = OLD.image_id)
  OR EXISTS (SELECT 1 FROM sample WHERE image_id = OLD.image_id)
BEGIN
  SELECT RAISE(ABORT, 'this image has labels, samples or variants: reject it instead');
END;
CREATE TRIGGER image_reason_is_known BEFORE INSERT ON image
WHEN NEW.reason NOT IN ('no image', 'truncated', 'damaged', 'too large', 'too small', 'unsupported', 'black', 'uniform', 'duplicate',
  'name taken')
BEGIN
  SELECT RAISE(ABORT, 'this reason of a rejection is not known');
END;
CREATE TRIGGER image_reason_stays_known BEFORE UPDATE OF reason ON image
WHEN NEW.reason NOT IN ('no image', 'truncated', 'damaged', 'too large', 'too small', 'unsupported', 'black', 'uniform', 'duplicate',
  'name taken')
BEGIN
  SELECT RAISE(ABORT, 'this reason of a rejection is not known');
END;

-- Measures of what the older ones do not show: rows of the disc that are constant, repeated or lost, and a bright background.
ALTER TABLE quality ADD COLUMN integrity REAL CHECK (integrity BETWEEN 0 AND 1);
ALTER TABLE quality ADD COLUMN background REAL CHECK (background BETWEEN 0 AND 1);
