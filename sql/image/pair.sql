-- The images of one patient become those of another: a file says that they are of one person.
UPDATE image SET patient = :patient, patient_from = 'pairs' WHERE patient = :other OR patient = :patient;
