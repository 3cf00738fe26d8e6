-- A network by its name and the hash of its text.
SELECT model_id FROM model WHERE name = :name AND sha256 = :sha256;
