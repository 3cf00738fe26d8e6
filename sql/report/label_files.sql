-- Where the current labels came from: the files that were imported, and how many labels of each still count.
SELECT f.file, f.scheme, f.grader,
  (SELECT count(*) FROM label l WHERE l.import_id = f.import_id
     AND NOT EXISTS (SELECT 1 FROM label n WHERE n.image_id = l.image_id AND n.scheme = l.scheme AND n.import_id > l.import_id)),
  NULL
FROM label_import f
ORDER BY f.import_id;
