-- Grades that differ, of all scales or of :scheme: of a photograph that is there twice (the one that is used, and its copy);
-- unless :only_copies, also those that another grader, or another file of the same one, gave an image beside its current grade.
-- Of each grader and each file the newest grade counts.
WITH copies AS MATERIALIZED (
  SELECT d.image_id AS copy_id, a.image_id
  FROM image d JOIN image a ON a.sha256 = d.sha256 AND a.status = 'accepted'
  WHERE d.status = 'rejected' AND d.reason = 'duplicate'
  UNION
  SELECT d.image_id, a.image_id
  FROM image d JOIN image a ON a.name = substr(d.detail, length('duplicate: the same pixels as ') + 1) AND a.status = 'accepted'
  WHERE d.status = 'rejected' AND d.reason = 'duplicate' AND d.detail LIKE 'duplicate: the same pixels as %'),
-- images with more than one label on a scale, and those labels
several AS MATERIALIZED (
  SELECT image_id, scheme, max(import_id) AS newest
  FROM label WHERE NOT :only_copies AND (:scheme IS NULL OR scheme = :scheme)
  GROUP BY image_id, scheme HAVING count(*) > 1),
given AS MATERIALIZED (
  SELECT l.image_id, l.scheme, l.grade, l.import_id, f.grader, f.file, s.newest
  FROM several s
  CROSS JOIN label l ON l.image_id = s.image_id AND l.scheme = s.scheme
  JOIN label_import f ON f.import_id = l.import_id),
of_grader AS (SELECT image_id, scheme, grader, file, grade, newest, max(import_id) FROM given GROUP BY image_id, scheme, grader),
of_file AS (SELECT image_id, scheme, grader, file, grade, newest, max(import_id) FROM given GROUP BY image_id, scheme, grader, file),
found AS (
  SELECT 'copy' AS kind, 1 AS rank, x.scheme, c.image_id, x.import_id, x.grade, c.copy_id AS other_id, y.grade AS other_grade,
    g.grader AS other_grader, g.file AS other_file
  FROM copies c
  JOIN label x ON x.image_id = c.image_id AND (:scheme IS NULL OR x.scheme = :scheme)
    AND x.import_id = (SELECT max(n.import_id) FROM label n WHERE n.image_id = x.image_id AND n.scheme = x.scheme)
  JOIN label y ON y.image_id = c.copy_id AND y.scheme = x.scheme
    AND y.import_id = (SELECT max(n.import_id) FROM label n WHERE n.image_id = y.image_id AND n.scheme = y.scheme)
  JOIN label_import g ON g.import_id = y.import_id
  WHERE x.grade <> y.grade
  UNION ALL
  SELECT 'grader', 2, o.scheme, o.image_id, o.newest, n.grade, NULL, o.grade, o.grader, o.file
  FROM of_grader o
  JOIN label n ON n.image_id = o.image_id AND n.scheme = o.scheme AND n.import_id = o.newest
  JOIN label_import f ON f.import_id = o.newest
  WHERE o.grader <> f.grader AND o.grade <> n.grade
  UNION ALL
  SELECT 'file', 3, o.scheme, o.image_id, o.newest, n.grade, NULL, o.grade, o.grader, o.file
  FROM of_file o
  JOIN label n ON n.image_id = o.image_id AND n.scheme = o.scheme AND n.import_id = o.newest
  JOIN label_import f ON f.import_id = o.newest
  WHERE o.grader = f.grader AND o.file <> f.file AND o.grade <> n.grade)
SELECT k.scheme, k.kind, coalesce(i.qualified, i.name) AS image, k.grade, f.grader, f.file,
  coalesce(d.qualified, d.name) AS other, k.other_grade, k.other_grader, k.other_file
FROM found k
JOIN image i ON i.image_id = k.image_id
JOIN label_import f ON f.import_id = k.import_id
LEFT JOIN image d ON d.image_id = k.other_id
ORDER BY k.scheme, k.rank, image, other, k.other_grader, k.other_file;
