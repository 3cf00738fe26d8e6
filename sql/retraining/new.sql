-- The photographs that a run has never seen: of patients in no part of its split, or fetched after all that it learned from or was
-- validated on. Texts stand for the parameters; since is a time or empty, condition is SQL over the view images, status a word.
SELECT t.image_id FROM image t
LEFT JOIN assignment p ON p.split_id = :split_id AND p.patient = t.patient
WHERE t.status = :status AND (t.member_id > :last OR (p.part IS NULL AND t.status = 'accepted'))
  AND t.image_id NOT IN (SELECT v.image_id FROM subset_member m JOIN variant v ON v.variant_id = m.variant_id
                         WHERE m.subset_id IN (:subset_id, :val_subset_id, :test_subset_id))
  AND t.member_id IN (SELECT m.member_id FROM member m JOIN source s ON s.source_id = m.source_id
                      LEFT JOIN fetch f ON f.source_id = m.source_id WHERE coalesce(f.fetched_at, s.fetched_at) >= :since)
  AND t.image_id IN (SELECT image_id FROM images WHERE (
:condition
));
