-- Whose an image is, and whether its dataset has patients of its own.
SELECT i.patient, i.eye, i.patient_from, d.name AS dataset, ifnull(d.own_patients, 0) AS own_patients
FROM image i LEFT JOIN dataset d ON d.dataset_id = i.dataset_id
WHERE i.image_id = :image_id;
