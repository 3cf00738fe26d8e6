-- Consistency checks: counts that must agree, from the files of the sources to the predictions.
SELECT 'photographs among the files = ingested + waiting' AS what,
  (SELECT count(*) FROM member WHERE photograph = 1) AS expected,
  (SELECT count(*) FROM image WHERE member_id IS NOT NULL)
  + (SELECT count(*) FROM member m WHERE photograph = 1 AND NOT EXISTS (SELECT 1 FROM image i WHERE i.member_id = m.member_id))
  AS found
UNION ALL
SELECT 'images = accepted + rejected + listed', (SELECT count(*) FROM images),
  (SELECT count(*) FROM image WHERE status = 'accepted') + (SELECT count(*) FROM rejects)
  + (SELECT count(*) FROM image WHERE status = 'listed')
UNION ALL
SELECT 'rows of provenance = images', (SELECT count(*) FROM image), (SELECT count(*) FROM provenance)
UNION ALL
SELECT 'current labels = images with a label, for each scheme', (SELECT count(*) FROM labels),
  (SELECT count(*) FROM (SELECT DISTINCT image_id, scheme FROM label))
UNION ALL
SELECT 'accepted images with and without a sample, over all recipes = accepted images times recipes',
  (SELECT count(*) FROM image WHERE status = 'accepted') * (SELECT count(*) FROM recipe),
  (SELECT count(*) FROM sample s JOIN image i ON i.image_id = s.image_id WHERE i.status = 'accepted')
  + (SELECT count(*) FROM image i JOIN recipe r WHERE i.status = 'accepted'
       AND NOT EXISTS (SELECT 1 FROM sample s WHERE s.recipe_id = r.recipe_id AND s.image_id = i.image_id))
UNION ALL
SELECT 'variants = those shown + those of images rejected since', (SELECT count(*) FROM variant),
  (SELECT count(*) FROM variants)
  + (SELECT count(*) FROM variant v JOIN image i ON i.image_id = v.image_id WHERE i.status = 'rejected')
UNION ALL
SELECT 'members of subsets, as frozen', (SELECT coalesce(sum(members), 0) FROM subset), (SELECT count(*) FROM subset_member)
UNION ALL
SELECT 'images in class_balance = images not rejected', (SELECT count(*) FROM image WHERE status <> 'rejected'),
  (SELECT coalesce(sum(images), 0) FROM class_balance)
UNION ALL
SELECT 'predictions of the newest evaluations of runs that were not removed = those shown',
  (SELECT count(*) FROM prediction
   WHERE evaluation_id IN (SELECT max(evaluation_id) FROM evaluation
     WHERE run_id NOT IN (SELECT run_id FROM run_removed) GROUP BY run_id, subset_id)),
  (SELECT count(*) FROM predictions)
UNION ALL
SELECT 'those of them with a truth = those in the confusion matrices',
  (SELECT count(*) FROM prediction WHERE truth IS NOT NULL
     AND evaluation_id IN (SELECT max(evaluation_id) FROM evaluation
     WHERE run_id NOT IN (SELECT run_id FROM run_removed) GROUP BY run_id, subset_id)),
  (SELECT coalesce(sum(count), 0) FROM confusion);
