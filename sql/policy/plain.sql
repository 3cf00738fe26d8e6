-- No augmentation: every image that is not rejected as it is, with or without a grade.
INSERT INTO variant (image_id, mirror, rotation)
SELECT i.image_id, 0, 0
FROM image i
WHERE i.status <> 'rejected'
ORDER BY i.image_id
ON CONFLICT (image_id, mirror, rotation) DO NOTHING;
