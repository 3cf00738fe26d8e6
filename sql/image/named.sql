-- The images whose name ends in a part, in one dataset or in any.
SELECT i.image_id, i.name, i.reason, m.path, d.name AS dataset
FROM image i
LEFT JOIN member m ON m.member_id = i.member_id
LEFT JOIN dataset d ON d.dataset_id = i.dataset_id
WHERE substr(i.name, length(rtrim(i.name, replace(i.name, '/', ''))) + 1) = :stem AND i.copy = 0
  AND (:dataset_id IS NULL OR i.dataset_id IS :dataset_id OR i.dataset_id IS NULL)
ORDER BY i.image_id;
