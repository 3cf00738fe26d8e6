-- What names in a source were said to be encoded in, so that a later fetch of it reads them in the same way.

CREATE TABLE source_encoding (
  -- The encoding that was given for names of the source that are not UTF-8. Without a row they were recognised.
  source_id INTEGER PRIMARY KEY REFERENCES source ON DELETE CASCADE,
  encoding  TEXT NOT NULL CHECK (encoding <> '')  -- as iconv knows it: CP932
) STRICT;
