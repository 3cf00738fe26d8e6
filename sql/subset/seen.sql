-- Of the members of a subset, how many have another value of a target, which stands for :target, when they are seen mirrored,
-- and when they are seen turned (by a number that no rule about rotations is likely to be a multiple of). The columns are
-- those of the view variants.
WITH as_seen AS (
  SELECT w.way, v.variant_id, v.image, v.patient,
    CASE WHEN w.way <> 1 THEN v.eye WHEN v.eye = 'left' THEN 'right' WHEN v.eye = 'right' THEN 'left' END AS eye,
    v.grade, v.gradable, v.eyeq, CASE w.way WHEN 1 THEN 1 - v.mirror ELSE v.mirror END AS mirror,
    CASE w.way WHEN 2 THEN (v.rotation + 97) % 360 ELSE v.rotation END AS rotation, v.part, v.split, v.width, v.height,
    v.brightness, v.contrast, v.sharpness, v.black_fraction, v.disc_radius, v.disc_coverage, v.score, v.status, v.image_id
  FROM subset_member m
  JOIN variants v ON v.variant_id = m.variant_id
  CROSS JOIN (SELECT 0 AS way UNION ALL SELECT 1 UNION ALL SELECT 2) w
  WHERE m.subset_id = :subset_id),
valued AS (SELECT way, variant_id, quote((
:target
)) AS value FROM as_seen AS variants),
member AS (
  SELECT max(CASE way WHEN 0 THEN value END) AS plain, max(CASE way WHEN 1 THEN value END) AS mirrored,
    max(CASE way WHEN 2 THEN value END) AS turned
  FROM valued GROUP BY variant_id)
SELECT count(CASE WHEN mirrored <> plain THEN 1 END) AS mirrored, count(CASE WHEN turned <> plain THEN 1 END) AS turned
FROM member;
