-- The image that bears a name in a dataset, how many of that name there are, and where its file lies. One that is only
-- listed may be of any dataset; without a dataset, the first of the name.
SELECT i.image_id, i.status, m.path, i.dataset_id, (SELECT max(c.copy) FROM image c WHERE c.name = i.name AND c.dataset_id IS i.dataset_id) AS copies, i.sha256
FROM image i
LEFT JOIN member m ON m.member_id = i.member_id
WHERE i.name = :name AND i.copy = 0 AND (:dataset_id IS NULL OR i.dataset_id IS :dataset_id OR i.dataset_id IS NULL)
ORDER BY i.dataset_id IS NULL, i.image_id LIMIT 1;
