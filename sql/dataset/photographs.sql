-- Every photograph among the files: its path and dataset, and the name of its image when it was ingested.
SELECT m.member_id, m.path, m.sha256, ifnull(s.dataset_id, 0) AS dataset_id, d.name AS dataset, ifnull(d.own_patients, 0) AS own_patients,
  i.name
FROM member m
JOIN source s ON s.source_id = m.source_id
LEFT JOIN dataset d ON d.dataset_id = s.dataset_id
LEFT JOIN image i ON i.member_id = m.member_id
WHERE m.photograph = 1;
