-- The newest recipe that has samples.
SELECT r.recipe_id FROM recipe r
WHERE EXISTS (SELECT 1 FROM sample s WHERE s.recipe_id = r.recipe_id)
ORDER BY r.recipe_id DESC LIMIT 1;
