-- What a report shows of a photograph: its newest grade, and where the pixels lie that a recipe made of it.
SELECT
  (SELECT l.grade FROM label l WHERE l.image_id = i.image_id AND l.scheme = 'icdr' ORDER BY l.import_id DESC LIMIT 1) AS grade,
  k.path, s.slot
FROM image i
LEFT JOIN sample s ON s.recipe_id = :recipe_id AND s.image_id = i.image_id
LEFT JOIN pack k ON k.pack_id = s.pack_id
WHERE i.image_id = :image_id;
