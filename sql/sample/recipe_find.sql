-- A recipe by the hash of its text.
SELECT recipe_id FROM recipe WHERE sha256 = :sha256;
