-- Every patient of a split has the same part in another one.
INSERT INTO assignment (split_id, patient, part) SELECT :split_id, patient, part FROM assignment WHERE split_id = :old_split_id;
