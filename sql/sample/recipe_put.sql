-- A new recipe.
INSERT INTO recipe (text, sha256) VALUES (:text, :sha256) RETURNING recipe_id;
