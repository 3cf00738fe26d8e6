-- The packs of a recipe.
SELECT pack_id, path FROM pack WHERE recipe_id = :recipe_id ORDER BY pack_id;
