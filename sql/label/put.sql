-- The grade of the newest import wins; older ones stay as history.
INSERT INTO label (image_id, scheme, import_id, grade) VALUES (:image_id, :scheme, :import_id, :grade);
