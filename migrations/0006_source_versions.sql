-- Versions of a source are a column, no longer a part of its uri ("https://host/x.zip#2"); kinds of sources and reasons of
-- rejections are those that eyenet knows.

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
  UNIQUE (uri, version)
) STRICT;

INSERT INTO source_new (source_id, uri, version, kind, etag, bytes, sha256, state, fetched_at)
SELECT s.source_id, coalesce(f.uri, s.uri), CASE WHEN f.uri IS NULL THEN 1 ELSE CAST(substr(s.uri, length(f.uri) + 2) AS INTEGER) END,
  s.kind, s.etag, s.bytes, s.sha256, s.state, s.fetched_at
FROM source s
-- The first version, of which this is another: "URI" of "URI#2".
LEFT JOIN source f ON substr(s.uri, 1, length(f.uri) + 1) = f.uri || '#'
  AND CAST(CAST(substr(s.uri, length(f.uri) + 2) AS INTEGER) AS TEXT) = substr(s.uri, length(f.uri) + 2)
  AND CAST(substr(s.uri, length(f.uri) + 2) AS INTEGER) >= 2;
DROP TABLE source;
ALTER TABLE source_new RENAME TO source;

CREATE TRIGGER image_reason_is_known BEFORE INSERT ON image
WHEN NEW.reason NOT IN ('no image', 'truncated', 'damaged', 'too large', 'unsupported', 'black', 'uniform', 'duplicate', 'name taken')
BEGIN
  SELECT RAISE(ABORT, 'this reason of a rejection is not known');
END;
CREATE TRIGGER image_reason_stays_known BEFORE UPDATE OF reason ON image
WHEN NEW.reason NOT IN ('no image', 'truncated', 'damaged', 'too large', 'unsupported', 'black', 'uniform', 'duplicate', 'name taken')
BEGIN
  SELECT RAISE(ABORT, 'this reason of a rejection is not known');
END;

-- The rules of the table that was replaced.
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
CREATE TRIGGER source_with_files_is_kept BEFORE DELETE ON source
WHEN EXISTS (SELECT 1 FROM member WHERE source_id = OLD.source_id)
BEGIN
  SELECT RAISE(ABORT, 'files came from this source: it is kept');
END;
