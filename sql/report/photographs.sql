-- The photographs in numbers: files fetched, waiting to be ingested, patients in use, labelled, with a sample, variants in use.
SELECT
  (SELECT count(*) FROM member WHERE photograph = 1) AS files,
  (SELECT count(*) FROM member m WHERE photograph = 1 AND NOT EXISTS (SELECT 1 FROM image i WHERE i.member_id = m.member_id)) AS pending,
  (SELECT count(DISTINCT patient) FROM image WHERE status <> 'rejected') AS patients,
  (SELECT count(*) FROM image i WHERE status <> 'rejected'
     AND EXISTS (SELECT 1 FROM label l WHERE l.image_id = i.image_id AND l.scheme = 'icdr')) AS labelled,
  (SELECT count(*) FROM image i JOIN recipe r ON 1 JOIN sample s ON s.recipe_id = r.recipe_id AND s.image_id = i.image_id
     WHERE r.recipe_id = coalesce(:recipe_id, (SELECT max(recipe_id) FROM recipe))) AS samples,
  (SELECT count(*) FROM variant v JOIN image i ON i.image_id = v.image_id WHERE i.status <> 'rejected') AS variants;
