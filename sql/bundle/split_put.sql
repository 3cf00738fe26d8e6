-- A split came in a bundle.
INSERT INTO bundle_split (split_id) VALUES (:split_id);
