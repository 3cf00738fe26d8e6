-- A new set of embeddings.
INSERT INTO embedding_set (model, weights_sha256, recipe_id, layer, dimensions)
VALUES (:model, :weights_sha256, :recipe_id, :layer, :dimensions) RETURNING embedding_set_id;
