-- The current grade of an image on a scale; no row: there is no such scale.
SELECT (SELECT l.grade FROM label l WHERE l.image_id = :image_id AND l.scheme = s.name ORDER BY l.import_id DESC LIMIT 1) AS grade
FROM scheme s WHERE s.name = :scheme;
