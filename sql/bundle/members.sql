-- Its members, and the part of each by the split that it was chosen by.
SELECT v.image_id, v.mirror, v.rotation, a.part
FROM subset s
JOIN subset_member m ON m.subset_id = s.subset_id
JOIN variant v ON v.variant_id = m.variant_id
JOIN image i ON i.image_id = v.image_id
LEFT JOIN assignment a ON a.split_id = s.split_id AND a.patient = i.patient
WHERE s.subset_id = :subset_id
ORDER BY v.image_id, v.mirror, v.rotation;
