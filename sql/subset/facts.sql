-- What is known of the members of a subset, by their number; the part is that of the split the subset was chosen by.
SELECT v.variant_id, v.image_id, coalesce(i.qualified, i.name) AS image, v.dataset, v.patient, v.eye, a.part, v.grade, v.gradable,
  v.eyeq, NULL AS pack_id, NULL AS slot, NULL AS sha256
FROM subset s
JOIN subset_member m ON m.subset_id = s.subset_id
CROSS JOIN variants v ON v.variant_id = m.variant_id
JOIN image i ON i.image_id = v.image_id
LEFT JOIN assignment a ON a.split_id = s.split_id AND a.patient = v.patient
WHERE s.subset_id = :subset_id ORDER BY v.variant_id;
