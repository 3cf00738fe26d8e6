-- The image that a bundle named earlier: by its bytes or, where they were not known, by its name.
SELECT image_id, patient FROM image WHERE :sha256 IS NOT NULL AND sha256 = :sha256 AND status = 'listed'
UNION ALL
SELECT image_id, patient FROM image
WHERE :sha256 IS NULL AND name = :name AND dataset_id = :dataset_id AND copy = 0 AND sha256 IS NULL AND status = 'listed'
LIMIT 1;
