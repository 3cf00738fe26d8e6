-- The image that bears a name, how many of that name there are, and where its file lies.
SELECT i.image_id, i.status, m.path, (SELECT max(c.copy) FROM image c WHERE c.name = i.name) AS copies
FROM image i
LEFT JOIN member m ON m.member_id = i.member_id
WHERE i.name = :name AND i.copy = 0;
