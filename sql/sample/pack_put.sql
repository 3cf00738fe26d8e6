-- A new pack.
INSERT INTO pack (recipe_id, path) VALUES (:recipe_id, :path) RETURNING pack_id;
