-- What fetching has to say about a source: how it came, and which of its photographs could not be read.

CREATE TABLE fetch (
  -- The newest fetch of a source that brought something.
  source_id  INTEGER PRIMARY KEY REFERENCES source ON DELETE CASCADE,
  terms      TEXT CHECK (terms <> ''),  -- a link to the terms of use of the photographs; NULL: nothing said where they are
  program    TEXT NOT NULL,             -- eyenet and its version
  fetched_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))  -- UTC
) STRICT;

CREATE TABLE damage (
  -- A photograph that is not in the project because its bytes in the source are not right.
  damage_id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
  path      TEXT NOT NULL CHECK (path <> ''),    -- in the source: train/10_left.jpeg
  volume    TEXT CHECK (volume <> ''),           -- the file of the source in which its bytes begin: train.zip.002
  reason    TEXT NOT NULL CHECK (reason <> ''),
  found_at  TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),  -- UTC
  UNIQUE (source_id, path)
) STRICT;
