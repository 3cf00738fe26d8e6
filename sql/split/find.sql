-- A split by its name, or the newest one for NULL; one that came in a bundle has the patients of that alone, and does not count.
SELECT split_id, name, rule, seed FROM split
WHERE name = :name OR (:name IS NULL AND split_id NOT IN (SELECT split_id FROM bundle_split)) ORDER BY split_id DESC LIMIT 1;
