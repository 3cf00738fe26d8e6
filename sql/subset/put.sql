-- A new subset, not frozen yet.
INSERT INTO subset (name, sql, split_id, part, members, sha256) VALUES (:name, :sql, :split_id, :part, :members, :sha256)
RETURNING subset_id;
