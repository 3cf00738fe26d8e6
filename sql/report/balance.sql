-- Photographs in use by their newest grade (ungraded ones last) and by their part in a split.
SELECT grade, sum(part IS 'train') AS train, sum(part IS 'val') AS val, sum(part IS 'test') AS test, sum(part IS NULL) AS none
FROM (SELECT a.part,
        (SELECT l.grade FROM label l WHERE l.image_id = i.image_id AND l.scheme = 'icdr' ORDER BY l.import_id DESC LIMIT 1) AS grade
      FROM image i
      LEFT JOIN assignment a ON a.split_id = :split_id AND a.patient = i.patient
      WHERE i.status <> 'rejected')
GROUP BY grade
ORDER BY grade IS NULL, grade;
