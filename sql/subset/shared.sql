-- Patients and images that two subsets have in common.
WITH a AS MATERIALIZED (SELECT DISTINCT v.image_id FROM subset_member m JOIN variant v ON v.variant_id = m.variant_id
                        WHERE m.subset_id = :a),
     b AS MATERIALIZED (SELECT DISTINCT v.image_id FROM subset_member m JOIN variant v ON v.variant_id = m.variant_id
                        WHERE m.subset_id = :b)
SELECT
  (SELECT count(*) FROM (SELECT i.patient FROM a JOIN image i ON i.image_id = a.image_id
                         INTERSECT SELECT i.patient FROM b JOIN image i ON i.image_id = b.image_id)) AS patients,
  (SELECT count(*) FROM (SELECT image_id FROM a INTERSECT SELECT image_id FROM b)) AS images;
