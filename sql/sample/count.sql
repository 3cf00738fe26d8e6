-- Samples of a recipe.
SELECT count(*) FROM sample WHERE recipe_id = :recipe_id;
