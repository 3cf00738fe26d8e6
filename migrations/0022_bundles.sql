-- Runs that came in a bundle from another project, and what came with them.

CREATE TABLE run_bundle (
  -- Where a run is from that came in a bundle.
  run_id      INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,
  file        TEXT NOT NULL CHECK (file <> ''),           -- the bundle, as it was named
  sha256      TEXT NOT NULL CHECK (length(sha256) = 64),  -- of its manifest, which has the hash of everything else
  project     TEXT NOT NULL,  -- name of the project it was made in
  program     TEXT NOT NULL,  -- version of eyenet that made it
  made_at     TEXT NOT NULL,  -- UTC
  imported_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))  -- UTC
) STRICT;

CREATE TRIGGER run_bundle_is_fixed BEFORE UPDATE ON run_bundle
BEGIN
  SELECT RAISE(ABORT, 'where a run is from does not change');
END;
CREATE TRIGGER run_bundle_is_not_replaced BEFORE INSERT ON run_bundle
WHEN EXISTS (SELECT 1 FROM run_bundle WHERE run_id = NEW.run_id)
BEGIN
  SELECT RAISE(ABORT, 'where a run is from does not change');
END;
CREATE TRIGGER run_bundle_is_kept BEFORE DELETE ON run_bundle
WHEN EXISTS (SELECT 1 FROM run WHERE run_id = OLD.run_id)
BEGIN
  SELECT RAISE(ABORT, 'where a run is from does not change');
END;

CREATE TABLE bundle_split (
  -- A split that came in a bundle: it has the patients of the bundle alone, and is never the newest split, which gives the views their parts.
  split_id INTEGER PRIMARY KEY REFERENCES split ON DELETE CASCADE
) STRICT;

CREATE TRIGGER bundle_split_is_fixed BEFORE UPDATE ON bundle_split
BEGIN
  SELECT RAISE(ABORT, 'a split that came in a bundle stays one');
END;
CREATE TRIGGER bundle_split_is_kept BEFORE DELETE ON bundle_split
WHEN EXISTS (SELECT 1 FROM split WHERE split_id = OLD.split_id)
BEGIN
  SELECT RAISE(ABORT, 'a split that came in a bundle stays one');
END;

-- Photographs that a bundle names and that are not here are found again by their bytes.
CREATE INDEX image_listed_bytes ON image (sha256) WHERE status = 'listed' AND sha256 IS NOT NULL;
