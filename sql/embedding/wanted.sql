-- How many samples of a recipe are of accepted images, of a subset or, with NULL, of all.
SELECT count(*) FROM sample p
JOIN image i ON i.image_id = p.image_id
WHERE p.recipe_id = :recipe_id AND i.status = 'accepted'
  AND (:subset_id IS NULL OR p.image_id IN (SELECT v.image_id FROM subset_member m JOIN variant v ON v.variant_id = m.variant_id
                                            WHERE m.subset_id = :subset_id));
