-- Photographs of each grade (ungraded ones last) with pixels by the newest recipe: the first :most of each by the hash of
-- their files, a choice on which neither names nor order have an influence.
SELECT grade, image, file, path, slot
FROM (SELECT *, row_number() OVER (PARTITION BY grade ORDER BY sha256, image_id) AS place
      FROM (SELECT i.image_id, i.name AS image, m.path AS file, k.path, s.slot, i.sha256,
              (SELECT l.grade FROM label l WHERE l.image_id = i.image_id AND l.scheme = 'icdr' ORDER BY l.import_id DESC LIMIT 1) AS grade
            FROM sample s
            JOIN pack k ON k.pack_id = s.pack_id
            JOIN image i ON i.image_id = s.image_id
            LEFT JOIN member m ON m.member_id = i.member_id
            WHERE i.status = 'accepted' AND s.recipe_id = (SELECT max(recipe_id) FROM recipe)))
WHERE place <= :most
ORDER BY grade IS NULL, grade, place;
