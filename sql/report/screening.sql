-- Whom a programme would screen: the patients of an evaluation, and those of its part of the split whose photographs were
-- all rejected.
--   patient_group  as in the predictions of the evaluation; NULL: no prediction
--   grade          the worst ICDR grade of the patient's photographs, rejected ones as well; NULL: no label
--   ungradable     eyes without an accepted photograph, of which one was rejected for its quality
WITH measured AS MATERIALIZED (
  SELECT i.patient, dense_rank() OVER (ORDER BY i.patient) AS patient_group
  FROM prediction p JOIN variant v ON v.variant_id = p.variant_id JOIN image i ON i.image_id = v.image_id
  WHERE p.evaluation_id = :evaluation_id
  GROUP BY i.patient
), people AS MATERIALIZED (
  SELECT patient FROM measured
  UNION
  SELECT patient FROM assignment WHERE split_id = :split_id AND part = :part
), eyes AS MATERIALIZED (
  SELECT i.patient, i.eye, max(i.status = 'accepted') AS accepted,
    max(i.status = 'rejected' AND i.reason NOT IN ('duplicate', 'name taken')) AS rejected,
    max((SELECT l.grade FROM label l WHERE l.image_id = i.image_id AND l.scheme = 'icdr' ORDER BY l.import_id DESC LIMIT 1)) AS grade
  FROM people JOIN image i ON i.patient = people.patient
  GROUP BY i.patient, i.eye
)
SELECT m.patient_group, max(e.grade) AS grade, sum(e.rejected AND NOT e.accepted) AS ungradable
FROM eyes e
LEFT JOIN measured m ON m.patient = e.patient
GROUP BY e.patient
HAVING m.patient_group IS NOT NULL OR sum(e.rejected AND NOT e.accepted) > 0
ORDER BY m.patient_group, e.patient;
