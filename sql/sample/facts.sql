-- The samples of a recipe, of accepted images, with what is known of these; the part is that of the split.
SELECT -1 AS variant_id, v.image_id, coalesce(i.qualified, i.name) AS image, v.dataset, v.patient, v.eye, a.part, v.grade,
  v.gradable, v.eyeq, p.pack_id, p.slot, p.sha256
FROM sample p
CROSS JOIN images v ON v.image_id = p.image_id
JOIN image i ON i.image_id = v.image_id
LEFT JOIN assignment a ON a.split_id = :split_id AND a.patient = v.patient
WHERE p.recipe_id = :recipe_id AND v.status = 'accepted' ORDER BY image;
