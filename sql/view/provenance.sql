CREATE VIEW provenance AS
-- A photograph, from its source to the runs trained on it.
--   source          uri of the source its file came from; NULL: it is listed
--   source_kind     folder, file, volumes, http, s3, kaggle
--   bytes           size of its file, bytes
--   label_file      file of its newest ICDR grade; NULL: it has none
--   labels          count of its labels, all schemes and imports
--   samples         count of its samples, one per recipe
--   variants        count of its variants
--   subsets         count of subsets with a variant of it
--   trained_runs    count of runs trained on a variant of it
-- Other columns: as in images.
SELECT i.name AS image, i.patient, i.eye, i.status, i.reason,
  c.uri AS source, c.kind AS source_kind, m.path, m.bytes, i.sha256,
  (SELECT f.file FROM label l JOIN label_import f ON f.import_id = l.import_id
   WHERE l.image_id = i.image_id AND l.scheme = 'icdr' ORDER BY l.import_id DESC LIMIT 1) AS label_file,
  (SELECT count(*) FROM label l WHERE l.image_id = i.image_id) AS labels,
  (SELECT count(*) FROM recipe e JOIN sample p ON p.recipe_id = e.recipe_id AND p.image_id = i.image_id) AS samples,
  (SELECT count(*) FROM variant v WHERE v.image_id = i.image_id) AS variants,
  (SELECT count(DISTINCT b.subset_id) FROM variant v JOIN subset_member b ON b.variant_id = v.variant_id
   WHERE v.image_id = i.image_id) AS subsets,
  (SELECT count(DISTINCT r.run_id) FROM variant v JOIN subset_member b ON b.variant_id = v.variant_id
   JOIN run r ON r.subset_id = b.subset_id WHERE v.image_id = i.image_id
   AND NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = r.run_id)) AS trained_runs,
  i.image_id, d.name AS dataset
FROM image i
LEFT JOIN dataset d ON d.dataset_id = i.dataset_id
LEFT JOIN member m ON m.member_id = i.member_id
LEFT JOIN source c ON c.source_id = m.source_id;
