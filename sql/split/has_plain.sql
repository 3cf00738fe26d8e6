-- Whether a part of a split has unmirrored, unturned variants of images in use.
SELECT EXISTS (
  SELECT 1
  FROM split s
  JOIN assignment a ON a.split_id = s.split_id AND a.part = :part
  JOIN image i ON i.patient = a.patient AND i.status <> 'rejected'
  JOIN variant v ON v.image_id = i.image_id AND v.mirror = 0 AND v.rotation = 0
  WHERE s.name = :split);
