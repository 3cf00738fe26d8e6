CREATE VIEW labels AS
-- The current grade of every image and scheme: the one of the newest import.
--   scheme          scale of the grade: icdr 0..4, eyeq 0 good..2 reject, gradable 0 no, 1 yes
--   grade           on the scale of its scheme
--   grader          who graded, as named at the import
--   file            the label file, as named at the import
--   imported_at     when it was imported, UTC
--   import_id       number of the row in the table label_import
-- Other columns: as in images.
SELECT i.name AS image, i.patient, i.eye, l.scheme, l.grade, f.grader, f.file, f.imported_at,
  l.image_id, l.import_id, d.name AS dataset
FROM label l
JOIN image i ON i.image_id = l.image_id
LEFT JOIN dataset d ON d.dataset_id = i.dataset_id
JOIN label_import f ON f.import_id = l.import_id
WHERE l.import_id = (SELECT max(n.import_id) FROM label n WHERE n.image_id = l.image_id AND n.scheme = l.scheme);
