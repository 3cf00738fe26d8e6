-- Images that two graders graded on one scale, of all scales or of :scheme: the newest grade of each. A duplicate of another
-- photograph would count twice and is left out. Patients are numbered, so that what belongs together is counted together.
WITH given AS MATERIALIZED (
  SELECT l.image_id, l.scheme, f.grader, l.grade, max(l.import_id)
  FROM (SELECT image_id, scheme FROM label WHERE :scheme IS NULL OR scheme = :scheme
        GROUP BY image_id, scheme HAVING count(*) > 1) s
  CROSS JOIN label l ON l.image_id = s.image_id AND l.scheme = s.scheme
  JOIN label_import f ON f.import_id = l.import_id
  JOIN image i ON i.image_id = l.image_id
  WHERE i.reason IS NOT 'duplicate'
  GROUP BY l.image_id, l.scheme, f.grader)
SELECT a.scheme, a.grader AS first, b.grader AS second, a.grade AS first_grade, b.grade AS second_grade,
  dense_rank() OVER (ORDER BY i.patient) AS patient_group
FROM given a
JOIN given b ON b.image_id = a.image_id AND b.scheme = a.scheme AND a.grader < b.grader
JOIN image i ON i.image_id = a.image_id
ORDER BY a.scheme, a.grader, b.grader;
