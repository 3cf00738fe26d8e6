CREATE VIEW rejects AS
-- Photographs that are not used, and why.
-- Other columns: as in images.
SELECT i.name AS image, i.patient, i.eye, i.reason, i.detail, m.path, i.width, i.height, i.image_id,
  d.name AS dataset
FROM image i
LEFT JOIN dataset d ON d.dataset_id = i.dataset_id
LEFT JOIN member m ON m.member_id = i.member_id
WHERE i.status = 'rejected';
