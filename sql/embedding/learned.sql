-- The run whose weights a set of embeddings is of, what it learned, and from how many of the set's images.
SELECT r.name, r.target, count(DISTINCT e.image_id) AS images
FROM embedding_set s
JOIN checkpoint k ON s.weights_sha256 IN (k.sha256, k.file_sha256)
JOIN run r ON r.run_id = k.run_id
JOIN subset_member m ON m.subset_id = r.subset_id
JOIN variant v ON v.variant_id = m.variant_id
JOIN embedding e ON e.embedding_set_id = s.embedding_set_id AND e.image_id = v.image_id
WHERE s.embedding_set_id = :embedding_set_id GROUP BY r.run_id ORDER BY r.run_id LIMIT 1;
