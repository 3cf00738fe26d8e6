-- A new network text.
INSERT INTO model (name, spec, sha256) VALUES (:name, :spec, :sha256) RETURNING model_id;
