-- The original's augmentation: an image without retinopathy (grade 0) as it is and mirrored; one with it as it is, mirrored,
-- and rotated by 90, 120, 180 and 270 degrees. Images without a grade get none.
INSERT INTO variant (image_id, mirror, rotation)
SELECT i.image_id, p.mirror, p.rotation
FROM images i
JOIN (SELECT column1 AS mirror, column2 AS rotation, column3 AS from_grade
      FROM (VALUES (0, 0, 0), (1, 0, 0), (0, 90, 1), (0, 120, 1), (0, 180, 1), (0, 270, 1))) p ON i.grade >= p.from_grade
WHERE i.status <> 'rejected'
ORDER BY i.image_id, p.rotation, p.mirror
ON CONFLICT (image_id, mirror, rotation) DO NOTHING;
