-- The embeddings of a set, of accepted images.
SELECT e.image_id, coalesce(i.qualified, i.name) AS image, e.vector
FROM embedding e JOIN image i ON i.image_id = e.image_id
WHERE e.embedding_set_id = :embedding_set_id AND i.status = 'accepted' ORDER BY image;
