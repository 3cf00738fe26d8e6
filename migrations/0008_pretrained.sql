-- Weights that were trained elsewhere, with where they come from and what may be done with them.

CREATE TABLE pretrained (
  -- Imported weights that a training can start from.
  pretrained_id INTEGER PRIMARY KEY,
  name          TEXT NOT NULL UNIQUE CHECK (name <> ''),
  preset        TEXT NOT NULL CHECK (preset <> ''),  -- the built-in network whose names of tensors were used
  model_id      INTEGER NOT NULL REFERENCES model,   -- its text
  path          TEXT NOT NULL                        -- models/NAME.safetensors
    CONSTRAINT "paths in the catalog are relative to the project" CHECK (path NOT LIKE '/%' AND '/' || path || '/' NOT LIKE '%/../%'),
  sha256        TEXT NOT NULL CHECK (length(sha256) = 64),  -- of that file
  origin        TEXT NOT NULL,                       -- where the file that was imported comes from
  origin_sha256 TEXT NOT NULL CHECK (length(origin_sha256) = 64),  -- of the file that was imported
  licence       TEXT NOT NULL,                       -- of the weights; unknown when nothing said it
  tensors       INTEGER NOT NULL CHECK (tensors >= 0),
  parameters    INTEGER NOT NULL CHECK (parameters >= 0),  -- numbers in them
  imported_at   TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))  -- UTC
) STRICT;
CREATE INDEX pretrained_model ON pretrained (model_id);

CREATE TRIGGER pretrained_is_fixed BEFORE UPDATE ON pretrained
BEGIN
  SELECT RAISE(ABORT, 'imported weights do not change: import them under another name');
END;
CREATE TRIGGER pretrained_is_not_replaced BEFORE INSERT ON pretrained
WHEN EXISTS (SELECT 1 FROM pretrained WHERE pretrained_id = NEW.pretrained_id OR name = NEW.name)
BEGIN
  SELECT RAISE(ABORT, 'there are imported weights of that name already, and they are not replaced');
END;
CREATE TRIGGER model_of_pretrained_is_kept BEFORE DELETE ON model
WHEN EXISTS (SELECT 1 FROM pretrained WHERE model_id = OLD.model_id)
BEGIN
  SELECT RAISE(ABORT, 'imported weights are of this network: it is kept');
END;
CREATE TRIGGER pretrained_of_a_run_is_kept BEFORE DELETE ON pretrained
WHEN EXISTS (SELECT 1 FROM param WHERE name = 'init_sha256' AND value = OLD.sha256)
BEGIN
  SELECT RAISE(ABORT, 'a run started from these weights: they are kept');
END;
