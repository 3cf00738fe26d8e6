-- The encoding that was given for names of a source.
INSERT INTO source_encoding (source_id, encoding) VALUES (:source_id, :encoding)
ON CONFLICT (source_id) DO UPDATE SET encoding = excluded.encoding;
