-- The set of embeddings of a layer, weights and recipe.
SELECT embedding_set_id, dimensions FROM embedding_set
WHERE weights_sha256 = :weights_sha256 AND recipe_id = :recipe_id AND layer = :layer;
