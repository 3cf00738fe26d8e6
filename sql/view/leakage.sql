CREATE VIEW leakage AS
-- What each run was trained on against what it was measured on: patients and images in common, 0 when all is well.
--   run             name of the run
--   trained_on      name of the subset it was trained on; of an ensemble, a row for each of its members' subsets
--   measured_on     name of the subset it was measured on
--   use             what for: validation, evaluation
--   patients        count of patients it was measured on
--   shared_patients count of patients in both subsets
--   shared_images   count of images in both subsets
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
JOIN (SELECT run_id, subset_id FROM run
      UNION
      SELECT e.run_id, m.subset_id FROM ensemble_member e JOIN run m ON m.run_id = e.member_run_id) l ON l.run_id = r.run_id
JOIN subset t ON t.subset_id = l.subset_id
JOIN subset u ON u.subset_id = x.subset_id
WHERE NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = r.run_id);
