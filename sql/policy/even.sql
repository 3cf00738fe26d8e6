-- Eight views of every image that is not rejected, whatever its grade: as it is and mirrored, each rotated by 0, 90, 180 and
-- 270 degrees. As all grades get the same views, a view gives no grade away.
INSERT INTO variant (image_id, mirror, rotation)
SELECT i.image_id, m.column1, r.column1
FROM image i
CROSS JOIN (VALUES (0), (1)) m
CROSS JOIN (VALUES (0), (90), (180), (270)) r
WHERE i.status <> 'rejected'
ORDER BY i.image_id, r.column1, m.column1
ON CONFLICT (image_id, mirror, rotation) DO NOTHING;
