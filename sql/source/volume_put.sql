-- One piece of a source, new or brought up to date.
INSERT INTO volume (source_id, number, name, bytes, sha256) VALUES (:source_id, :number, :name, :bytes, :sha256)
ON CONFLICT (source_id, number) DO UPDATE SET name = excluded.name, bytes = excluded.bytes, sha256 = excluded.sha256;
