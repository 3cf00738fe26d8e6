-- Variants of the photographs in use by grade (ungraded ones last): as they were taken, and mirrored or rotated.
SELECT grade, sum(mirror = 0 AND rotation = 0) AS plain, sum(mirror <> 0 OR rotation <> 0) AS changed
FROM (SELECT v.mirror, v.rotation,
        (SELECT l.grade FROM label l WHERE l.image_id = i.image_id AND l.scheme = 'icdr' ORDER BY l.import_id DESC LIMIT 1) AS grade
      FROM variant v
      JOIN image i ON i.image_id = v.image_id
      WHERE i.status <> 'rejected')
GROUP BY grade
ORDER BY grade IS NULL, grade;
