-- A photograph that is not known yet. Where another dataset has the name already, hashes know it by both names.
INSERT INTO image (member_id, name, copy, patient, eye, status, reason, detail, format, width, height, sha256, dataset_id, patient_from,
  qualified)
VALUES (:member_id, :name, :copy, :patient, :eye, :status, :reason, :detail, :format, :width, :height, :sha256, :dataset_id, :patient_from,
  (SELECT d.name || ':' || :name FROM dataset d WHERE d.dataset_id = :dataset_id
   AND EXISTS (SELECT 1 FROM image o WHERE o.name = :name AND o.dataset_id IS NOT :dataset_id)))
RETURNING image_id;
