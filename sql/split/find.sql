-- A split by its name, or the newest one for NULL.
SELECT split_id, name, rule, seed FROM split WHERE name = :name OR :name IS NULL ORDER BY split_id DESC LIMIT 1;
