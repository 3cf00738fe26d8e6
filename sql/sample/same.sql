-- The accepted photograph of which this recipe made the very same pixels.
SELECT i.name FROM sample s JOIN image i ON i.image_id = s.image_id
WHERE s.recipe_id = :recipe_id AND s.sha256 = :sha256 AND i.status = 'accepted' LIMIT 1;
