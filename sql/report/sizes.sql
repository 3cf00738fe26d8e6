-- Photographs by their size, the most common first: how many, of how many patients, how many are in use, and of those with
-- a grade how many are referable (ICDR 2 and above).
SELECT width, height, count(*) AS photographs, count(DISTINCT patient) AS patients, sum(status = 'accepted') AS accepted,
  sum(status = 'accepted' AND grade IS NOT NULL) AS graded, sum(status = 'accepted' AND grade >= 2) AS referable
FROM (SELECT i.width, i.height, i.patient, i.status,
        (SELECT l.grade FROM label l WHERE l.image_id = i.image_id AND l.scheme = 'icdr' ORDER BY l.import_id DESC LIMIT 1) AS grade
      FROM image i
      WHERE i.width IS NOT NULL AND i.height IS NOT NULL)
GROUP BY width, height
ORDER BY photographs DESC, width DESC, height DESC;
