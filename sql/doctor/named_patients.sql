-- The images whose patient was recognised in their name: where they are, and the patient the catalog has.
SELECT i.name, m.path, i.patient, i.eye
FROM image i LEFT JOIN member m ON m.member_id = i.member_id
WHERE i.patient_from = 'name' ORDER BY i.image_id;
