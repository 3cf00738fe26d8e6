-- What a recipe says.
SELECT text FROM recipe WHERE recipe_id = :recipe_id;
