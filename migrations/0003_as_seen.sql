-- What a variant shows, and photographs that show the same.

-- A mirrored left eye looks like a right one: a network that is to tell them apart is told what it sees.
DROP VIEW variants;
CREATE VIEW variants AS
-- What subsets are chosen from: every variant of the images that are not rejected, with what is known of its image.
SELECT
  v.variant_id,
  i.image,
  i.patient,
  CASE WHEN v.mirror = 0 THEN i.eye WHEN i.eye = 'left' THEN 'right' WHEN i.eye = 'right' THEN 'left' END
    AS eye,      -- as the variant shows it: a mirrored left eye is a right one
  i.grade,
  i.gradable,
  i.eyeq,
  v.mirror,      -- 1: left and right swapped
  v.rotation,    -- degrees, counter-clockwise
  i.part,        -- train, val, test in the newest split
  i.split,
  i.width,
  i.height,
  i.brightness,
  i.contrast,
  i.sharpness,
  i.black_fraction,
  i.disc_radius,
  i.disc_coverage,
  i.score,
  i.status,
  v.image_id
FROM variant v
JOIN images i ON i.image_id = v.image_id
WHERE i.status <> 'rejected';

-- The same picture in another file, a photograph saved again without its EXIF block, say: found by its sample's pixels.
CREATE INDEX sample_by_pixels ON sample (recipe_id, sha256);

-- An evaluation that was repeated counts once: these views show the newest of each run and subset. All are in the tables.
DROP VIEW errors;
DROP VIEW predictions;
CREATE VIEW predictions AS
-- What models said, by the newest evaluation of each run on each subset. truth and predicted count classes from 0 in the
-- order of the run's classes; the _class columns name them.
SELECT r.name AS run, s.name AS subset, s.part, i.name AS image, i.patient,
  CASE WHEN v.mirror = 0 THEN i.eye WHEN i.eye = 'left' THEN 'right' WHEN i.eye = 'right' THEN 'left' END AS eye,
  (SELECT l.grade FROM label l WHERE l.image_id = i.image_id AND l.scheme = 'icdr'
   ORDER BY l.import_id DESC LIMIT 1) AS grade,
  p.truth, p.predicted,
  json_extract(r.classes, '$[' || p.truth || ']') AS truth_class,
  json_extract(r.classes, '$[' || p.predicted || ']') AS predicted_class,
  json_extract(p.probabilities, '$[' || p.truth || ']') AS p,  -- the probability given to the truth
  p.score,                                   -- of two classes the last one's probability, else the expected class
  p.probabilities, v.mirror, v.rotation, r.target, p.variant_id, p.evaluation_id, r.run_id
FROM prediction p
JOIN evaluation e ON e.evaluation_id = p.evaluation_id
JOIN run r ON r.run_id = e.run_id
JOIN subset s ON s.subset_id = e.subset_id
JOIN variant v ON v.variant_id = p.variant_id
JOIN image i ON i.image_id = v.image_id
WHERE e.evaluation_id = (SELECT max(n.evaluation_id) FROM evaluation n
                         WHERE n.run_id = e.run_id AND n.subset_id = e.subset_id);
CREATE VIEW errors AS
-- The predictions that are wrong; ORDER BY p puts the most confident mistakes first.
SELECT * FROM predictions WHERE predicted <> truth;

DROP VIEW confusion;
CREATE VIEW confusion AS
-- How often each class was called what, by the newest evaluation of each run on each subset.
SELECT r.name AS run, s.name AS subset, p.truth, p.predicted,
  json_extract(r.classes, '$[' || p.truth || ']') AS truth_class,
  json_extract(r.classes, '$[' || p.predicted || ']') AS predicted_class,
  count(*) AS count, p.evaluation_id
FROM prediction p
JOIN evaluation e ON e.evaluation_id = p.evaluation_id
JOIN run r ON r.run_id = e.run_id
JOIN subset s ON s.subset_id = e.subset_id
WHERE p.truth IS NOT NULL AND e.evaluation_id = (SELECT max(n.evaluation_id) FROM evaluation n
                                                 WHERE n.run_id = e.run_id AND n.subset_id = e.subset_id)
GROUP BY p.evaluation_id, p.truth, p.predicted, r.name, s.name;  -- so that one run's is looked for before it is counted
