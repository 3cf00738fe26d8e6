-- The original's augmentation: an image without retinopathy (grade 0) as it is and mirrored; one with it as it is, mirrored,
-- and rotated by 90, 120, 180 and 270 degrees. Images without a grade get none.
WITH graded AS MATERIALIZED (SELECT image_id, grade FROM images WHERE status <> 'rejected')
INSERT INTO variant (image_id, mirror, rotation)
SELECT g.image_id, p.mirror, p.rotation
FROM graded g
JOIN (SELECT column1 AS mirror, column2 AS rotation, column3 AS from_grade
      FROM (VALUES (0, 0, 0), (1, 0, 0), (0, 90, 1), (0, 120, 1), (0, 180, 1), (0, 270, 1))) p ON g.grade >= p.from_grade
WHERE true
ORDER BY g.image_id, p.rotation, p.mirror
ON CONFLICT (image_id, mirror, rotation) DO NOTHING;
