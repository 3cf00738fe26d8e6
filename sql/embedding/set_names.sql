-- Of what models there are embeddings, the newest first.
SELECT model FROM embedding_set GROUP BY model ORDER BY max(embedding_set_id) DESC LIMIT 100;
