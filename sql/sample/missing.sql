-- Accepted images that this recipe was not applied to yet.
SELECT i.image_id, i.name, m.path, i.sha256
FROM image i
JOIN member m ON m.member_id = i.member_id
WHERE i.status = 'accepted' AND NOT EXISTS (SELECT 1 FROM sample s WHERE s.recipe_id = :recipe_id AND s.image_id = i.image_id);
