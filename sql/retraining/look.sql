-- What there is of each new photograph; :new stands for the query that chooses them, :target for the target.
SELECT t.patient, p.part, t.patient_from IS NULL AS unknown, EXISTS (SELECT 1 FROM variant v WHERE v.image_id = t.image_id) AS shown,
  EXISTS (SELECT 1 FROM sample s WHERE s.image_id = t.image_id AND s.recipe_id = :recipe_id) AS sampled,
  EXISTS (SELECT 1 FROM variants WHERE variants.image_id = t.image_id AND (
:target
) IS NOT NULL) AS labelled
FROM image t
LEFT JOIN assignment p ON p.split_id = :split_id AND p.patient = t.patient
WHERE t.image_id IN (
:new
) ORDER BY t.patient, t.image_id;
