CREATE VIEW labels AS
-- The current grade of every image and scheme: the one of the newest import.
--   scheme          scale of the grade: icdr, eyeq, gradable or another of the view schemes
--   grade           on the scale of its scheme
--   grader          who graded, as named at the import
--   file            the label file, as named at the import
--   imported_at     when it was imported, UTC
--   import_id       number of the row in the table label_import
--   meaning         name of the grade: moderate; NULL: it has none
-- Other columns: as in images.
SELECT i.name AS image, i.patient, i.eye, l.scheme, l.grade, f.grader, f.file, f.imported_at,
  l.image_id, l.import_id, d.name AS dataset, v.name AS meaning
FROM label l
JOIN image i ON i.image_id = l.image_id
LEFT JOIN dataset d ON d.dataset_id = i.dataset_id
JOIN label_import f ON f.import_id = l.import_id
LEFT JOIN scheme_value v ON v.scheme = l.scheme AND v.value = l.grade
WHERE l.import_id = (SELECT max(n.import_id) FROM label n WHERE n.image_id = l.image_id AND n.scheme = l.scheme);
