-- A grader's newest grade of an image wins; older ones stay as history.
INSERT INTO label (image_id, scheme, import_id, grade) VALUES (:image_id, :scheme, :import_id, :grade);
