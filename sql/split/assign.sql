-- A patient's part in a split.
INSERT INTO assignment (split_id, patient, part) VALUES (:split_id, :patient, :part);
