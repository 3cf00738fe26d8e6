-- What the model said, by photograph and view.
SELECT v.image_id, v.mirror, v.rotation, p.truth, p.predicted, p.probabilities
FROM prediction p
JOIN variant v ON v.variant_id = p.variant_id
WHERE p.evaluation_id = :evaluation_id
ORDER BY v.image_id, v.mirror, v.rotation;
