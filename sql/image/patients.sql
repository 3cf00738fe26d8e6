-- Every image, to find its patient in its name or path.
SELECT i.image_id, i.name, m.path, i.patient_from
FROM image i
LEFT JOIN member m ON m.member_id = i.member_id
ORDER BY i.image_id;
