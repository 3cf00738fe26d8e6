-- The newest set of embeddings, of a model or, with NULL, of any.
SELECT s.embedding_set_id, s.model, s.weights_sha256, s.recipe_id, r.text AS recipe, s.layer, s.dimensions
FROM embedding_set s JOIN recipe r ON r.recipe_id = s.recipe_id
WHERE :model IS NULL OR s.model = :model ORDER BY s.embedding_set_id DESC LIMIT 1;
