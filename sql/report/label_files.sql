-- Where the current labels came from: the files that were imported, and how many labels of each still count.
WITH newest AS MATERIALIZED (SELECT max(import_id) AS import_id FROM label GROUP BY image_id, scheme),
     counts AS MATERIALIZED (SELECT import_id, count(*) AS labels FROM newest GROUP BY import_id)
SELECT f.file, f.scheme, f.grader, coalesce(c.labels, 0), NULL
FROM label_import f
LEFT JOIN counts c ON c.import_id = f.import_id
ORDER BY f.import_id;
