CREATE VIEW splits AS
-- Every split and how many patients and images each part has; the folds of one partition are a split each.
--   split           name of the split
--   rule            how it was made, as on the command line
--   seed            of its random numbers
--   folds           name of the partition of which it is a fold; NULL: it is none
--   fold            which fold its part val is, 1, 2, ...; NULL: it is none
--   train_patients  count of patients in the part train
--   val_patients    count of patients in the part val
--   test_patients   count of patients in the part test
--   train_images    count of their images that are not rejected
--   val_images      count of their images that are not rejected
--   test_images     count of their images that are not rejected
--   subsets         count of subsets that were chosen by it
--   created_at      UTC
--   split_id        number of the row in the table split
WITH size AS (
  SELECT a.split_id, a.part, count(*) AS patients,
    sum((SELECT count(*) FROM image i WHERE i.patient = a.patient AND i.status <> 'rejected')) AS images
  FROM assignment a
  GROUP BY a.split_id, a.part)
SELECT s.name AS split, s.rule, s.seed, f.name AS folds, f.fold,
  (SELECT ifnull(max(patients), 0) FROM size z WHERE z.split_id = s.split_id AND z.part = 'train') AS train_patients,
  (SELECT ifnull(max(patients), 0) FROM size z WHERE z.split_id = s.split_id AND z.part = 'val') AS val_patients,
  (SELECT ifnull(max(patients), 0) FROM size z WHERE z.split_id = s.split_id AND z.part = 'test') AS test_patients,
  (SELECT ifnull(max(images), 0) FROM size z WHERE z.split_id = s.split_id AND z.part = 'train') AS train_images,
  (SELECT ifnull(max(images), 0) FROM size z WHERE z.split_id = s.split_id AND z.part = 'val') AS val_images,
  (SELECT ifnull(max(images), 0) FROM size z WHERE z.split_id = s.split_id AND z.part = 'test') AS test_images,
  (SELECT count(*) FROM subset b WHERE b.split_id = s.split_id) AS subsets,
  s.created_at, s.split_id
FROM split s
LEFT JOIN fold f ON f.split_id = s.split_id;
