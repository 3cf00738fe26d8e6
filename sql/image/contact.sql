-- The photographs of a contact sheet, by why they were rejected, then in the order they came; :where is an expression of the user.
SELECT image, status, reason, detail, grade, score, path FROM images
WHERE path IS NOT NULL AND (
:where
) ORDER BY reason, image_id LIMIT :most;
