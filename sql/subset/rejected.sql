-- Members of a subset whose image was rejected after it was frozen.
SELECT count(*) FROM subset_member m
JOIN variant v ON v.variant_id = m.variant_id
JOIN image i ON i.image_id = v.image_id
WHERE m.subset_id = :subset_id AND i.status = 'rejected';
