-- A subset, as it is known in every project.
SELECT s.name, s.sql, p.name AS split, s.part, s.members
FROM subset s
LEFT JOIN split p ON p.split_id = s.split_id
WHERE s.subset_id = :subset_id;
