-- Where the predictions of an evaluation were imported from.
INSERT INTO evaluation_file (evaluation_id, file, answers_only) VALUES (:evaluation_id, :file, :answers_only);
