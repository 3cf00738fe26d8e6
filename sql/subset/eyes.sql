-- Whose the variants of a subset are: patients by the number of their first image, and the eye of the image, 0 where it is not known.
SELECT v.variant_id, (SELECT min(o.image_id) FROM image o WHERE o.patient = i.patient) AS patient,
  CASE i.eye WHEN 'left' THEN 1 WHEN 'right' THEN 2 ELSE 0 END AS eye
FROM subset_member m
JOIN variant v ON v.variant_id = m.variant_id
JOIN image i ON i.image_id = v.image_id
WHERE m.subset_id = :subset_id
ORDER BY v.variant_id;
