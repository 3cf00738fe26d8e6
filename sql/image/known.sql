-- Of how many images in use the patient is known, and how. One of which it is not, but whose patient has another image, counts
-- as known by its name.
WITH used AS MATERIALIZED (SELECT image_id, patient, eye, patient_from FROM image WHERE status <> 'rejected'),
     many AS MATERIALIZED (SELECT patient FROM used GROUP BY patient HAVING count(*) > 1)
SELECT count(*) AS images, count(DISTINCT patient) AS patients, count(eye) AS eyes,
  count(*) FILTER (WHERE patient_from IS NULL AND patient NOT IN (SELECT patient FROM many)) AS unknown,
  count(*) FILTER (WHERE patient_from = 'name' OR (patient_from IS NULL AND patient IN (SELECT patient FROM many))) AS name,
  count(*) FILTER (WHERE patient_from = 'pattern') AS pattern,
  count(*) FILTER (WHERE patient_from = 'column') AS from_column,
  count(*) FILTER (WHERE patient_from = 'pairs') AS pairs
FROM used;
