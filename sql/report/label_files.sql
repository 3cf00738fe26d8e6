-- Where the current labels came from: the files that were imported, and how many labels of each still count.
WITH newest AS MATERIALIZED (SELECT max(import_id) AS import_id FROM label GROUP BY image_id, scheme),
     counts AS MATERIALIZED (SELECT import_id, count(*) AS labels FROM newest GROUP BY import_id)
SELECT f.file AS name, f.scheme AS kind, f.grader AS state, NULL AS version, coalesce(c.labels, 0) AS count, NULL AS accepted
FROM label_import f
LEFT JOIN counts c ON c.import_id = f.import_id
ORDER BY f.import_id;
