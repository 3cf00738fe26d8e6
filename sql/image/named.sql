-- The images whose name ends in a part, in one dataset or in any. One that a bundle named is not meant where there is another.
SELECT i.image_id, i.name, i.reason, m.path, d.name AS dataset
FROM image i
LEFT JOIN member m ON m.member_id = i.member_id
LEFT JOIN dataset d ON d.dataset_id = i.dataset_id
WHERE substr(i.name, length(rtrim(i.name, replace(i.name, '/', ''))) + 1) = :stem AND i.copy = 0
  AND (:dataset_id IS NULL OR i.dataset_id IS :dataset_id OR i.dataset_id IS NULL)
  AND NOT (i.status = 'listed' AND i.sha256 IS NOT NULL AND :dataset_id IS NULL AND EXISTS (
    SELECT 1 FROM image o
    WHERE substr(o.name, length(rtrim(o.name, replace(o.name, '/', ''))) + 1) = :stem AND o.copy = 0
      AND NOT (o.status = 'listed' AND o.sha256 IS NOT NULL)))
ORDER BY i.image_id;
