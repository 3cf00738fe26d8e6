-- The predictions of an evaluation with their photographs; patients and eyes are numbered, so that what belongs together is
-- counted together. A photograph of no known eye is of one of its own.
SELECT p.variant_id, v.image_id, p.truth, p.predicted, dense_rank() OVER (ORDER BY i.patient) AS patient_group,
  dense_rank() OVER (ORDER BY i.patient, i.eye, CASE WHEN i.eye IS NULL THEN i.image_id END) AS eye_group,
  i.name AS image, m.path, v.mirror,
  v.rotation, p.score, p.probabilities
FROM prediction p
JOIN variant v ON v.variant_id = p.variant_id
JOIN image i ON i.image_id = v.image_id
LEFT JOIN member m ON m.member_id = i.member_id
WHERE p.evaluation_id = :evaluation_id
ORDER BY coalesce(i.qualified, i.name), v.mirror, v.rotation;
