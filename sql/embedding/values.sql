-- The embeddings of a set, of accepted images and the pixels that their samples have, with the value of an expression over the
-- columns of the view images, which stands for :expression.
SELECT x.image_id, coalesce(i.qualified, i.name) AS image, x.patient, x.eye, x.value, e.vector
FROM embedding e
JOIN embedding_set s ON s.embedding_set_id = e.embedding_set_id
JOIN (SELECT image_id, patient, eye, status, (
:expression
) AS value FROM images) x ON x.image_id = e.image_id
JOIN image i ON i.image_id = e.image_id
JOIN sample p ON p.recipe_id = s.recipe_id AND p.image_id = e.image_id AND p.sha256 = e.sample_sha256
WHERE e.embedding_set_id = :embedding_set_id AND x.status = 'accepted' ORDER BY image;
