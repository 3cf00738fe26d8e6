CREATE VIEW class_balance AS
-- How many photographs, patients and variants each part of the newest split has of each grade; rejected ones left out.
--   images          count of photographs
--   patients        count of patients
--   variants        count of variants of these photographs
-- Other columns: as in images.
SELECT i.split, i.part, i.grade, count(*) AS images, count(DISTINCT i.patient) AS patients,
  sum((SELECT count(*) FROM variant v WHERE v.image_id = i.image_id)) AS variants
FROM images i
WHERE i.status <> 'rejected'
GROUP BY i.split, i.part, i.grade;
