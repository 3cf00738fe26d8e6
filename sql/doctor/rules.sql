-- What must hold between rows, whoever wrote them: for each rule what was found against it, and the first example.
WITH plain (name, kind, of_file) AS (
  SELECT name, 'run', 1 FROM run UNION ALL SELECT name, 'imported weights', 1 FROM pretrained
  UNION ALL SELECT name, 'subset', 0 FROM subset UNION ALL SELECT name, 'split', 0 FROM split
  UNION ALL SELECT name, 'scheme', 1 FROM scheme),
-- of a scale: where the answer changes from a class to the next
cuts (run_id, cut) AS (
  SELECT a.run_id, j.value
  FROM param a JOIN json_each(CASE WHEN json_valid(a.value) THEN a.value ELSE '{}' END, '$.cuts') j
  WHERE a.name = 'calibration'),
said (evaluation_id, variant_id, run_id, classes, predicted, truth, count, at_predicted, most, least, total, expected, kept, score, rank) AS (
  SELECT p.evaluation_id, p.variant_id, r.run_id, json_array_length(r.classes), p.predicted, p.truth, count(j.value),
    max(CASE WHEN j.key = p.predicted THEN j.value END), max(j.value), min(j.value), total(j.value),
    total(j.value * CAST(json_extract(r.classes, '$[' || j.key || ']') AS REAL)),
    EXISTS (SELECT 1 FROM checkpoint k WHERE k.run_id = r.run_id AND k.kind = 'best' AND k.sha256 = e.weights_sha256)
      OR (r.origin = 'ensemble' AND NOT EXISTS (SELECT 1 FROM param f WHERE f.run_id = r.run_id AND f.name = 'fellow')),
    p.score, total(j.value * j.key)
  FROM prediction p
  JOIN evaluation e ON e.evaluation_id = p.evaluation_id
  JOIN run r ON r.run_id = e.run_id AND json_valid(r.classes)
  LEFT JOIN json_each(CASE WHEN json_valid(p.probabilities) THEN p.probabilities ELSE '[]' END) j
  GROUP BY p.evaluation_id, p.variant_id),
paths (path, kind) AS (
  SELECT path, 'photograph' FROM member UNION ALL SELECT path, 'pack' FROM pack UNION ALL SELECT path, 'weights' FROM checkpoint
  UNION ALL SELECT path, 'artifact' FROM artifact UNION ALL SELECT path, 'imported weights' FROM pretrained)
SELECT 'members of a subset whose patients are in another part' AS what, count(*) AS found, min(s.name) AS example
FROM subset s
JOIN subset_member m ON m.subset_id = s.subset_id
JOIN variant v ON v.variant_id = m.variant_id
JOIN image i ON i.image_id = v.image_id
LEFT JOIN assignment a ON a.split_id = s.split_id AND a.patient = i.patient
WHERE s.part IS NOT NULL AND a.part IS NOT s.part
UNION ALL
SELECT 'runs trained and validated on the same patients', count(DISTINCT r.run_id), min(r.name)
FROM run r
WHERE r.val_subset_id IS NOT NULL AND EXISTS (
  SELECT 1 FROM subset_member a JOIN variant v ON v.variant_id = a.variant_id JOIN image i ON i.image_id = v.image_id
  WHERE a.subset_id = r.val_subset_id AND i.patient IN (
    SELECT y.patient FROM subset_member b JOIN variant x ON x.variant_id = b.variant_id JOIN image y ON y.image_id = x.image_id
    WHERE b.subset_id = r.subset_id))
  AND (SELECT part FROM subset WHERE subset_id = r.subset_id) IS NOT (SELECT part FROM subset WHERE subset_id = r.val_subset_id)
UNION ALL
SELECT 'subsets that are not frozen, or not with all members', count(*), min(s.name)
FROM subset s
WHERE s.frozen_at IS NULL OR s.members <> (SELECT count(*) FROM subset_member m WHERE m.subset_id = s.subset_id)
UNION ALL
SELECT 'predictions that are not the most probable class', count(*), min('evaluation ' || evaluation_id || ', variant ' || variant_id)
FROM said WHERE (at_predicted IS NULL OR at_predicted < most - 1e-6) AND run_id NOT IN (SELECT run_id FROM cuts)
UNION ALL
SELECT 'predictions that are not the class between whose cuts their expected value is', count(*),
  min('evaluation ' || evaluation_id || ', variant ' || variant_id)
FROM said WHERE kept AND run_id IN (SELECT run_id FROM cuts)
  AND predicted NOT BETWEEN (SELECT count(*) FROM cuts c WHERE c.run_id = said.run_id AND c.cut <= said.expected - 1e-5)
                        AND (SELECT count(*) FROM cuts c WHERE c.run_id = said.run_id AND c.cut <= said.expected + 1e-5)
UNION ALL
SELECT 'predictions whose probabilities are not one per class, from 0 to 1, and 1 together', count(*),
  min('evaluation ' || evaluation_id || ', variant ' || variant_id)
FROM said WHERE count <> classes OR least < 0 OR most > 1 OR abs(total - 1) > 1e-3
UNION ALL
SELECT 'predictions whose score is not that of their probabilities', count(*),
  min('evaluation ' || evaluation_id || ', variant ' || variant_id)
FROM said WHERE abs(score - rank) > 1e-4 * classes
UNION ALL
SELECT 'predictions of or as a class that the run does not have', count(*),
  min('evaluation ' || evaluation_id || ', variant ' || variant_id)
FROM said WHERE predicted NOT BETWEEN 0 AND classes - 1 OR truth NOT BETWEEN 0 AND classes - 1
UNION ALL
SELECT 'predictions of variants outside of the evaluated subset', count(*), min('evaluation ' || p.evaluation_id)
FROM prediction p
JOIN evaluation e ON e.evaluation_id = p.evaluation_id
WHERE NOT EXISTS (SELECT 1 FROM subset_member m WHERE m.subset_id = e.subset_id AND m.variant_id = p.variant_id)
UNION ALL
SELECT 'photographs without a hash', count(*), min(path) FROM member WHERE photograph = 1 AND sha256 IS NULL AND crc32 IS NULL
UNION ALL
SELECT 'accepted images with another hash than their file', count(*), min(i.name)
FROM image i JOIN member m ON m.member_id = i.member_id WHERE i.status = 'accepted' AND i.sha256 <> m.sha256
UNION ALL
SELECT 'hashes that are not hexadecimal', count(*), min(hash)
FROM (SELECT sha256 AS hash FROM member UNION ALL SELECT sha256 FROM image UNION ALL SELECT sha256 FROM sample
      UNION ALL SELECT sha256 FROM subset UNION ALL SELECT weights_sha256 FROM evaluation UNION ALL SELECT sha256 FROM checkpoint
      UNION ALL SELECT file_sha256 FROM checkpoint UNION ALL SELECT sha256 FROM pretrained UNION ALL SELECT sha256 FROM source
      UNION ALL SELECT sha256 FROM label_import UNION ALL SELECT sha256 FROM artifact)
WHERE length(hash) <> 64 OR hash GLOB '*[^0-9a-f]*'
UNION ALL
SELECT 'evaluations of weights that the finished run did not keep', count(*), min(r.name)
FROM evaluation e JOIN run r ON r.run_id = e.run_id
WHERE r.state = 'finished' AND r.origin = 'trained' AND NOT EXISTS (
  SELECT 1 FROM checkpoint k WHERE k.run_id = e.run_id AND (k.sha256 = e.weights_sha256 OR k.file_sha256 = e.weights_sha256))
UNION ALL
SELECT 'finished runs without their weights', count(*), min(r.name)
FROM run r
WHERE r.state = 'finished' AND r.best_epoch > 0 AND r.origin = 'trained'
  AND NOT EXISTS (SELECT 1 FROM checkpoint k WHERE k.run_id = r.run_id AND k.kind = 'best')
UNION ALL
SELECT 'ensembles without members that were trained here to the end for the same target and classes', count(*), min(r.name)
FROM run r
WHERE r.origin = 'ensemble' AND (
  NOT EXISTS (SELECT 1 FROM ensemble e WHERE e.run_id = r.run_id)
  OR (SELECT count(*) FROM ensemble_member m WHERE m.run_id = r.run_id) NOT BETWEEN 1 AND 32
  OR EXISTS (SELECT 1 FROM ensemble_member m LEFT JOIN run t ON t.run_id = m.member_run_id
             WHERE m.run_id = r.run_id AND (t.run_id IS NULL OR t.origin <> 'trained' OR t.state <> 'finished'
                                            OR t.target <> r.target OR t.classes <> r.classes)))
UNION ALL
SELECT 'runs with epochs, attempts, threads or seconds that cannot be', count(*), min(name)
FROM run WHERE attempt < 0 OR epochs < 0 OR threads < 1 OR seconds < 0 OR best_epoch NOT BETWEEN 0 AND epochs
UNION ALL
SELECT 'samples in a pack of another recipe', count(*), min(p.path)
FROM sample s JOIN pack p ON p.pack_id = s.pack_id WHERE s.recipe_id <> p.recipe_id
UNION ALL
SELECT 'samples in a slot that cannot be', count(*), min(slot) FROM sample WHERE slot NOT BETWEEN 0 AND 4294967295
UNION ALL
SELECT 'labels off the scale of their scheme, or of another scheme than their import', count(*), min(i.file)
FROM label l JOIN label_import i ON i.import_id = l.import_id
LEFT JOIN scheme s ON s.name = l.scheme
WHERE l.scheme <> i.scheme OR s.name IS NULL OR l.grade NOT BETWEEN s.lowest AND s.highest
UNION ALL
SELECT 'schemes whose values are not between 0 and 100, the lowest below the highest', count(*), min(name)
FROM scheme WHERE lowest IS NULL OR highest IS NULL OR lowest < 0 OR highest > 100 OR lowest >= highest
UNION ALL
SELECT 'names of values that their scheme does not have', count(*), min(v.scheme || ' ' || v.value)
FROM scheme_value v LEFT JOIN scheme s ON s.name = v.scheme WHERE s.name IS NULL OR v.value NOT BETWEEN s.lowest AND s.highest
UNION ALL
SELECT 'variants that are no mirror or rotation', count(*), min(variant_id)
FROM variant WHERE mirror NOT IN (0, 1) OR rotation NOT BETWEEN 0 AND 359
UNION ALL
SELECT 'paths that lead out of the project or to no file', count(*), min(kind || ' ''' || path || '''')
FROM paths WHERE path LIKE '/%' OR path = '' OR '/' || path || '/' LIKE '%/../%' OR '/' || path || '/' LIKE '%//%'
UNION ALL
SELECT 'packs outside of samples/', count(*), min(path) FROM pack WHERE path NOT LIKE 'samples/%.pack'
UNION ALL
SELECT 'names that the command line would not take', count(*), min(kind || ' ''' || name || '''')
FROM plain
WHERE length(CAST(name AS BLOB)) NOT BETWEEN 1 AND 100 OR name <> trim(name, ' ') OR instr(name, char(0)) > 0
  OR name GLOB '*[' || char(1) || '-' || char(31) || char(127) || '-' || char(159) || ']*'
  OR (of_file AND (name GLOB '.*' OR name GLOB '*[/\]*')) OR name IS NULL
UNION ALL
SELECT 'runs whose names begin with @, as an alias does (see eyenet runs rename)', count(*), min(name) FROM run WHERE name GLOB '@*'
UNION ALL
SELECT 'measures of quality off their scale', count(*), min(i.name)
FROM quality q JOIN image i ON i.image_id = q.image_id
WHERE brightness NOT BETWEEN 0 AND 1 OR contrast NOT BETWEEN 0 AND 1 OR sharpness NOT BETWEEN 0 AND 1
  OR black_fraction NOT BETWEEN 0 AND 1 OR disc_coverage NOT BETWEEN 0 AND 1 OR score NOT BETWEEN 0 AND 1 OR disc_radius < 0;
