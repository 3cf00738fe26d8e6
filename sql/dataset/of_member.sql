-- The dataset of a file, and whether its patients are its own.
SELECT d.dataset_id, d.name, d.own_patients
FROM member m JOIN source s ON s.source_id = m.source_id JOIN dataset d ON d.dataset_id = s.dataset_id
WHERE m.member_id = :member_id;
