CREATE VIEW subsets AS
-- The frozen choices: what they hold and who trained on them.
--   subset          name of the subset
--   part            part that all members are of: train, val, test; NULL: several, or no split
--   split           name of the split by which the part was known; NULL: none
--   variants        count of members
--   images          count of photographs among them
--   patients        count of patients among them
--   runs            count of runs trained on it
--   frozen_at       when it was frozen, UTC
--   sha256          of its members' names, mirrors and rotations: the same in every catalog that holds the same ones
--   sql             the query that chose its members
--   subset_id       number of the row in the table subset
SELECT s.name AS subset, s.part, p.name AS split, s.members AS variants,
  (SELECT count(DISTINCT v.image_id) FROM subset_member m JOIN variant v ON v.variant_id = m.variant_id
   WHERE m.subset_id = s.subset_id) AS images,
  (SELECT count(DISTINCT i.patient) FROM subset_member m JOIN variant v ON v.variant_id = m.variant_id
   JOIN image i ON i.image_id = v.image_id WHERE m.subset_id = s.subset_id) AS patients,
  (SELECT count(*) FROM run r WHERE r.subset_id = s.subset_id
   AND NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = r.run_id)) AS runs,
  s.frozen_at, s.sha256, s.sql, s.subset_id
FROM subset s
LEFT JOIN split p ON p.split_id = s.split_id;
