-- Another patient, or eye, of an image: when a file or a pattern tells it.
UPDATE image SET patient = :patient, eye = :eye, patient_from = :patient_from
WHERE image_id = :image_id AND (patient, eye, patient_from) IS NOT (:patient, :eye, :patient_from);
