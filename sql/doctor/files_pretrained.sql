-- The imported weights: the file and the hash it must have.
SELECT path, sha256 FROM pretrained ORDER BY pretrained_id;
