-- A photograph that is not known yet.
INSERT INTO image (member_id, name, copy, patient, eye, status, reason, detail, format, width, height, sha256)
VALUES (:member_id, :name, :copy, :patient, :eye, :status, :reason, :detail, :format, :width, :height, :sha256)
RETURNING image_id;
