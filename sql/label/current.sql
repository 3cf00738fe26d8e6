-- The scheme of an import, and the current grade of an image in that scheme: which one, by this very import, by the same
-- grader, from a file of the same name.
SELECT n.scheme, s.lowest, s.highest, l.grade, l.import_id = n.import_id AS by_this_import, f.grader = n.grader AS by_this_grader,
  f.file = n.file AS by_this_file, f.file
FROM label_import n
JOIN scheme s ON s.name = n.scheme
LEFT JOIN label l ON l.image_id = :image_id AND l.scheme = n.scheme
LEFT JOIN label_import f ON f.import_id = l.import_id
WHERE n.import_id = :import_id
ORDER BY l.import_id DESC LIMIT 1;
