-- A file of a source, new or brought up to date.
INSERT INTO member (source_id, path, photograph, bytes, crc32, sha256)
VALUES (:source_id, :path, :photograph, :bytes, :crc32, :sha256)
ON CONFLICT (path) DO UPDATE SET source_id = excluded.source_id, photograph = excluded.photograph, bytes = excluded.bytes,
  crc32 = excluded.crc32, sha256 = excluded.sha256
RETURNING member_id;
