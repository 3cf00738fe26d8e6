-- What subgroups of an evaluation are made by: a row per prediction, by variant.
--   grade    newest ICDR grade; NULL: no label
--   quality  score of the photograph, 0..1; NULL: not measured
SELECT p.variant_id,
  (SELECT l.grade FROM label l WHERE l.image_id = v.image_id AND l.scheme = 'icdr' ORDER BY l.import_id DESC LIMIT 1) AS grade,
  coalesce(i.eye, 'not known') AS eye,
  coalesce(d.name, 'none') AS dataset,
  i.width || ' x ' || i.height AS size,
  q.score AS quality
FROM prediction p
JOIN variant v ON v.variant_id = p.variant_id
JOIN image i ON i.image_id = v.image_id
LEFT JOIN dataset d ON d.dataset_id = i.dataset_id
LEFT JOIN quality q ON q.image_id = i.image_id
WHERE p.evaluation_id = :evaluation_id
ORDER BY p.variant_id;
