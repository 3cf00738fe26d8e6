-- A subset by name or number, with how many images and patients it holds.
SELECT s.subset_id, s.name, s.sql, s.frozen_at, p.name AS split, s.split_id, s.part, s.members, s.sha256,
  (SELECT count(DISTINCT v.image_id) FROM subset_member m JOIN variant v ON v.variant_id = m.variant_id
   WHERE m.subset_id = s.subset_id) AS images,
  (SELECT count(DISTINCT i.patient) FROM subset_member m JOIN variant v ON v.variant_id = m.variant_id
   JOIN image i ON i.image_id = v.image_id WHERE m.subset_id = s.subset_id) AS patients
FROM subset s
LEFT JOIN split p ON p.split_id = s.split_id
WHERE s.name = :name OR s.subset_id = :subset_id;
