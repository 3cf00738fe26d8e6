-- A new split.
INSERT INTO split (name, seed, rule) VALUES (:name, :seed, :rule) RETURNING split_id;
