-- The image of these bytes that a bundle named, in the dataset of the photograph that has come.
SELECT image_id, status, NULL AS path, dataset_id, 0 AS copies, sha256 FROM image
WHERE sha256 = :sha256 AND status = 'listed' AND dataset_id = :dataset_id
ORDER BY image_id LIMIT 1;
