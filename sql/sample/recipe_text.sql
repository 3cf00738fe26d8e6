-- The text of a recipe.
SELECT text FROM recipe WHERE recipe_id = :recipe_id;
