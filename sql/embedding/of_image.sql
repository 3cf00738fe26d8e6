-- The embedding of an image, by its name or its number, in the newest set that has one, of a model or, with NULL, of any.
SELECT s.embedding_set_id, s.dimensions, e.image_id, e.vector, coalesce(i.qualified, i.name) AS image
FROM image i
JOIN embedding e ON e.image_id = i.image_id
JOIN embedding_set s ON s.embedding_set_id = e.embedding_set_id
WHERE (i.image_id = :image_id OR coalesce(i.qualified, i.name) = :image) AND (:model IS NULL OR s.model = :model)
ORDER BY s.embedding_set_id DESC LIMIT 1;
