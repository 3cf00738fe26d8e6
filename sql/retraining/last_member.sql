-- The last file fetched of those whose photographs a run learned from or was validated on.
SELECT coalesce(max(i.member_id), 0) FROM subset_member m
JOIN variant v ON v.variant_id = m.variant_id
JOIN image i ON i.image_id = v.image_id
WHERE m.subset_id IN (:subset_id, :val_subset_id);
