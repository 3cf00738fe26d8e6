-- Measures of the photographs of a subset, and whether each is new to another: its images are those that are not in it.
SELECT i.image_id NOT IN (SELECT v.image_id FROM subset_member m JOIN variant v ON v.variant_id = m.variant_id
                          WHERE m.subset_id = :old_subset_id) AS fresh,
  q.score, q.sharpness, q.brightness, q.contrast, max(i.width, i.height) AS size
FROM image i
LEFT JOIN quality q ON q.image_id = i.image_id
WHERE i.image_id IN (SELECT v.image_id FROM subset_member m JOIN variant v ON v.variant_id = m.variant_id WHERE m.subset_id = :subset_id);
