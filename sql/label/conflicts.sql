-- Photographs that are there twice and have two grades: the one that is used, its copy, and the current ICDR grade of each.
WITH copies AS MATERIALIZED (
  SELECT d.image_id AS copy_id, a.image_id
  FROM image d JOIN image a ON a.sha256 = d.sha256 AND a.status = 'accepted'
  WHERE d.status = 'rejected' AND d.reason = 'duplicate'
  UNION
  SELECT d.image_id, a.image_id
  FROM image d JOIN image a ON a.name = substr(d.detail, length('duplicate: the same pixels as ') + 1) AND a.status = 'accepted'
  WHERE d.status = 'rejected' AND d.reason = 'duplicate' AND d.detail LIKE 'duplicate: the same pixels as %')
SELECT a.name AS image, x.grade, d.name AS copy, y.grade AS copy_grade
FROM copies c
JOIN image a ON a.image_id = c.image_id
JOIN image d ON d.image_id = c.copy_id
JOIN label x ON x.image_id = a.image_id AND x.scheme = 'icdr'
  AND x.import_id = (SELECT max(n.import_id) FROM label n WHERE n.image_id = x.image_id AND n.scheme = 'icdr')
JOIN label y ON y.image_id = d.image_id AND y.scheme = 'icdr'
  AND y.import_id = (SELECT max(n.import_id) FROM label n WHERE n.image_id = y.image_id AND n.scheme = 'icdr')
WHERE x.grade <> y.grade
ORDER BY a.name, d.name;
