-- The frozen subsets with the lines they were hashed over, as catalog/subset.c wrote and sorted them.
SELECT s.name, s.sha256, coalesce(i.qualified, i.name) || ' ' || v.mirror || ' ' || v.rotation || char(10) AS line
FROM subset s
LEFT JOIN subset_member m ON m.subset_id = s.subset_id
LEFT JOIN variant v ON v.variant_id = m.variant_id
LEFT JOIN image i ON i.image_id = v.image_id
WHERE s.frozen_at IS NOT NULL
ORDER BY s.subset_id, line;
