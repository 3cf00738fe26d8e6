-- What an image is called, whose it is, and the hash of its bytes.
SELECT i.name, d.name AS dataset, i.patient, i.eye, i.patient_from, i.sha256
FROM image i
LEFT JOIN dataset d ON d.dataset_id = i.dataset_id
WHERE i.image_id = :image_id;
