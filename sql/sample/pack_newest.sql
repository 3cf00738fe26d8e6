-- The pack of a recipe that was begun last, and its first free slot.
SELECT p.pack_id, p.path, coalesce((SELECT max(s.slot) + 1 FROM sample s WHERE s.pack_id = p.pack_id), 0) AS slots
FROM pack p WHERE p.recipe_id = :recipe_id ORDER BY p.pack_id DESC LIMIT 1;
