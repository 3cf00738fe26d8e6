-- The views are the interface: tables may change under them, they keep their columns.

CREATE VIEW images AS
-- Every photograph: what it is, where it lies, its newest grades, its measures, its part in the newest split.
SELECT
  i.image_id,
  i.name                                      AS image,     -- 10_left
  i.patient,
  i.eye,                                                    -- left, right or NULL
  i.status,                                                 -- accepted, rejected, listed (no pixels yet)
  i.reason,                                                 -- of a rejection
  (SELECT l.grade FROM label l WHERE l.image_id = i.image_id AND l.scheme = 'icdr'
   ORDER BY l.import_id DESC LIMIT 1)         AS grade,     -- ICDR: 0 none, 1 mild, 2 moderate, 3 severe, 4 proliferative
  (SELECT l.grade FROM label l WHERE l.image_id = i.image_id AND l.scheme = 'gradable'
   ORDER BY l.import_id DESC LIMIT 1)         AS gradable,  -- 1 good enough to grade, 0 not
  (SELECT l.grade FROM label l WHERE l.image_id = i.image_id AND l.scheme = 'eyeq'
   ORDER BY l.import_id DESC LIMIT 1)         AS eyeq,      -- 0 good, 1 usable, 2 reject
  s.name                                      AS split,     -- the newest split
  a.part,                                                   -- train, val, test in it
  i.width,
  i.height,                                                 -- px, upright
  i.format,
  q.brightness,
  q.contrast,
  q.sharpness,
  q.black_fraction,                                         -- 0..1
  q.disc_radius,                                            -- px
  q.disc_coverage,                                          -- 0..1
  q.score,                                                  -- quality, 0..1
  q.phash,
  m.path,                                                   -- in the project
  i.sha256,
  i.detail                                                  -- of a rejection
FROM image i
LEFT JOIN quality q ON q.image_id = i.image_id
LEFT JOIN member m ON m.member_id = i.member_id
LEFT JOIN split s ON s.split_id = (SELECT max(split_id) FROM split)
LEFT JOIN assignment a ON a.split_id = s.split_id AND a.patient = i.patient;

CREATE VIEW variants AS
-- What subsets are chosen from: every variant of the images that are not rejected, with what is known of its image.
SELECT
  v.variant_id,
  i.image,
  i.patient,
  i.eye,
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

CREATE VIEW labels AS
-- The current grade of every image and scheme: the one of the newest import.
SELECT i.name AS image, i.patient, i.eye, l.scheme, l.grade, f.grader, f.file, f.imported_at,
  l.image_id, l.import_id
FROM label l
JOIN image i ON i.image_id = l.image_id
JOIN label_import f ON f.import_id = l.import_id
WHERE l.import_id = (SELECT max(n.import_id) FROM label n WHERE n.image_id = l.image_id AND n.scheme = l.scheme);

CREATE VIEW class_balance AS
-- How many photographs, patients and variants each part of the newest split has of each grade; rejected ones left out.
SELECT i.split, i.part, i.grade, count(*) AS images, count(DISTINCT i.patient) AS patients,
  sum((SELECT count(*) FROM variant v WHERE v.image_id = i.image_id)) AS variants
FROM images i
WHERE i.status <> 'rejected'
GROUP BY i.split, i.part, i.grade;

CREATE VIEW rejects AS
-- Photographs that are not used, and why.
SELECT i.name AS image, i.patient, i.eye, i.reason, i.detail, m.path, i.width, i.height, i.image_id
FROM image i
LEFT JOIN member m ON m.member_id = i.member_id
WHERE i.status = 'rejected';

CREATE VIEW subsets AS
-- The frozen choices: what they hold and who trained on them.
SELECT s.name AS subset, s.part, p.name AS split, s.members AS variants,
  (SELECT count(DISTINCT v.image_id) FROM subset_member m JOIN variant v ON v.variant_id = m.variant_id
   WHERE m.subset_id = s.subset_id) AS images,
  (SELECT count(DISTINCT i.patient) FROM subset_member m JOIN variant v ON v.variant_id = m.variant_id
   JOIN image i ON i.image_id = v.image_id WHERE m.subset_id = s.subset_id) AS patients,
  (SELECT count(*) FROM run r WHERE r.subset_id = s.subset_id) AS runs,
  s.frozen_at, s.sha256, s.sql, s.subset_id
FROM subset s
LEFT JOIN split p ON p.split_id = s.split_id;

CREATE VIEW runs AS
-- Every training.
SELECT r.name AS run, r.state, m.name AS model, r.target, s.name AS subset, v.name AS val_subset, p.name AS split,
  c.text AS recipe, r.seed, r.attempt AS attempts, r.epochs, r.best_epoch, r.seconds, r.created_at, r.started_at, r.ended_at,
  r.classes, b.name AS parent, r.uuid, r.host, r.cpu, r.isa, r.threads, r.program_version, r.program_commit, r.command_line,
  r.run_id
FROM run r
JOIN model m ON m.model_id = r.model_id
JOIN subset s ON s.subset_id = r.subset_id
JOIN recipe c ON c.recipe_id = r.recipe_id
LEFT JOIN subset v ON v.subset_id = r.val_subset_id
LEFT JOIN split p ON p.split_id = s.split_id
LEFT JOIN run b ON b.run_id = r.parent_run_id;

CREATE VIEW metrics AS
-- Everything measured while training, of all attempts.
SELECT r.name AS run, m.part, m.name AS metric, m.epoch, m.step, m.value, m.attempt, m.run_id
FROM metric m
JOIN run r ON r.run_id = m.run_id;

CREATE VIEW latest_metrics AS
-- The newest value of each metric of each run.
SELECT r.name AS run, m.part, m.name AS metric, m.epoch, m.step, m.value, m.attempt, m.run_id
FROM metric m
JOIN run r ON r.run_id = m.run_id
WHERE (m.attempt, m.step) = (SELECT n.attempt, n.step FROM metric n
                             WHERE n.run_id = m.run_id AND n.part = m.part AND n.name = m.name
                             ORDER BY n.attempt DESC, n.step DESC LIMIT 1);

CREATE VIEW predictions AS
-- What models said. truth and predicted count classes from 0 in the order of the run's classes; the _class columns name them.
SELECT r.name AS run, s.name AS subset, s.part, i.name AS image, i.patient, i.eye,
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
JOIN image i ON i.image_id = v.image_id;

CREATE VIEW errors AS
-- The predictions that are wrong; ORDER BY p puts the most confident mistakes first.
SELECT * FROM predictions WHERE predicted <> truth;

CREATE VIEW confusion AS
-- How often each class was called what, of each evaluation.
SELECT r.name AS run, s.name AS subset, p.truth, p.predicted,
  json_extract(r.classes, '$[' || p.truth || ']') AS truth_class,
  json_extract(r.classes, '$[' || p.predicted || ']') AS predicted_class,
  count(*) AS count, p.evaluation_id
FROM prediction p
JOIN evaluation e ON e.evaluation_id = p.evaluation_id
JOIN run r ON r.run_id = e.run_id
JOIN subset s ON s.subset_id = e.subset_id
WHERE p.truth IS NOT NULL
GROUP BY p.evaluation_id, p.truth, p.predicted;

CREATE VIEW leakage AS
-- What each run was trained on against what it was measured on: patients and photographs in common. All 0 when all is well.
SELECT r.name AS run, t.name AS trained_on, u.name AS measured_on, x.use,
  (SELECT count(DISTINCT i.patient) FROM subset_member m JOIN variant v ON v.variant_id = m.variant_id
   JOIN image i ON i.image_id = v.image_id WHERE m.subset_id = u.subset_id) AS patients,
  (SELECT count(*) FROM (
     SELECT i.patient FROM subset_member m JOIN variant v ON v.variant_id = m.variant_id
     JOIN image i ON i.image_id = v.image_id WHERE m.subset_id = u.subset_id
     INTERSECT
     SELECT i.patient FROM subset_member m JOIN variant v ON v.variant_id = m.variant_id
     JOIN image i ON i.image_id = v.image_id WHERE m.subset_id = t.subset_id)) AS shared_patients,
  (SELECT count(*) FROM (
     SELECT v.image_id FROM subset_member m JOIN variant v ON v.variant_id = m.variant_id WHERE m.subset_id = u.subset_id
     INTERSECT
     SELECT v.image_id FROM subset_member m JOIN variant v ON v.variant_id = m.variant_id
     WHERE m.subset_id = t.subset_id)) AS shared_images
FROM (SELECT run_id, val_subset_id AS subset_id, 'validation' AS use FROM run WHERE val_subset_id IS NOT NULL
      UNION
      SELECT run_id, subset_id, 'evaluation' FROM evaluation) x
JOIN run r ON r.run_id = x.run_id
JOIN subset t ON t.subset_id = r.subset_id
JOIN subset u ON u.subset_id = x.subset_id;

CREATE VIEW provenance AS
-- One row a photograph, from where it came to what was made of it.
SELECT i.name AS image, i.patient, i.eye, i.status, i.reason,
  c.uri AS source, c.kind AS source_kind, m.path, m.bytes, i.sha256,
  (SELECT f.file FROM label l JOIN label_import f ON f.import_id = l.import_id
   WHERE l.image_id = i.image_id AND l.scheme = 'icdr' ORDER BY l.import_id DESC LIMIT 1) AS label_file,
  (SELECT count(*) FROM label l WHERE l.image_id = i.image_id) AS labels,
  (SELECT count(*) FROM recipe e JOIN sample p ON p.recipe_id = e.recipe_id AND p.image_id = i.image_id) AS samples,
  (SELECT count(*) FROM variant v WHERE v.image_id = i.image_id) AS variants,
  (SELECT count(DISTINCT b.subset_id) FROM variant v JOIN subset_member b ON b.variant_id = v.variant_id
   WHERE v.image_id = i.image_id) AS subsets,
  (SELECT count(DISTINCT r.run_id) FROM variant v JOIN subset_member b ON b.variant_id = v.variant_id
   JOIN run r ON r.subset_id = b.subset_id WHERE v.image_id = i.image_id) AS trained_runs,
  i.image_id
FROM image i
LEFT JOIN member m ON m.member_id = i.member_id
LEFT JOIN source c ON c.source_id = m.source_id;
