-- The samples that have no embedding in a set, of the accepted images of a subset or, with NULL, of all; as sql/sample/facts.
SELECT -1 AS variant_id, i.image_id, coalesce(i.qualified, i.name) AS image, NULL AS dataset, i.patient, i.eye, NULL AS part,
  NULL AS grade, NULL AS gradable, NULL AS eyeq, p.pack_id, p.slot, p.sha256
FROM sample p
JOIN image i ON i.image_id = p.image_id
WHERE p.recipe_id = :recipe_id AND i.status = 'accepted'
  AND (:subset_id IS NULL OR p.image_id IN (SELECT v.image_id FROM subset_member m JOIN variant v ON v.variant_id = m.variant_id
                                            WHERE m.subset_id = :subset_id))
  AND NOT EXISTS (SELECT 1 FROM embedding e WHERE e.embedding_set_id = :embedding_set_id AND e.image_id = p.image_id
                  AND e.sample_sha256 = p.sha256)
ORDER BY image;
