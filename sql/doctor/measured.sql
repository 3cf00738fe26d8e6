-- The accepted images with their measures, to be measured again.
SELECT i.name, m.path, q.brightness, q.contrast, q.sharpness, q.black_fraction
FROM image i
JOIN member m ON m.member_id = i.member_id
JOIN quality q ON q.image_id = i.image_id
WHERE i.status = 'accepted' ORDER BY i.image_id;
