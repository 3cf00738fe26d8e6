-- An image that a bundle names and that is not here. Where the name is another one's, the bytes are part of it.
INSERT INTO image (name, patient, eye, status, sha256, dataset_id, patient_from, qualified)
SELECT n.name, :patient, :eye, 'listed', :sha256, :dataset_id, CASE WHEN :patient_from IS NOT NULL THEN 'column' END,
  CASE WHEN EXISTS (SELECT 1 FROM image o WHERE o.name = n.name AND o.dataset_id IS NOT :dataset_id)
       THEN (SELECT d.name FROM dataset d WHERE d.dataset_id = :dataset_id) || ':' || n.name END
FROM (SELECT CASE WHEN EXISTS (SELECT 1 FROM image o WHERE o.name = :name AND o.dataset_id = :dataset_id AND o.copy = 0)
                  THEN :name || '-' || substr(ifnull(:sha256, 'listed'), 1, 12) ELSE :name END AS name) n
RETURNING image_id;
