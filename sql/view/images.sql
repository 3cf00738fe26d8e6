CREATE VIEW images AS
-- Every photograph: what it is, where it lies, its newest grades, its measures, its part in the newest split.
--   image_id        number of the row in the table image
--   image           name of the photograph: 10_left
--   patient         the patient it is of: 10
--   eye             left, right; NULL: not known
--   status          accepted, rejected, listed (known from a label file, without pixels)
--   reason          why it was rejected: truncated, damaged, black, duplicate, ... (docs/schema.md); NULL: it was not
--   grade           newest ICDR grade: 0 none, 1 mild, 2 moderate, 3 severe, 4 proliferative
--   gradable        newest label of the scheme gradable: 1 good enough to grade, 0 not
--   eyeq            newest label of the scheme EyeQ: 0 good, 1 usable, 2 reject
--   split           name of the newest split; NULL: there is none
--   part            part of the patient in that split: train, val, test; NULL: not assigned
--   width           px, of the photograph turned upright, 1..65535
--   height          px, of the photograph turned upright, 1..65535
--   format          of the file: jpeg, png, tiff, webp, bmp, dicom
--   brightness      mean luminance inside the retina's disc, 0..1
--   contrast        standard deviation of that luminance, 0..1
--   sharpness       from the Laplacian of the green channel, 0..1; 0.5 is average
--   black_fraction  fraction of the photograph that is black, 0..1
--   disc_radius     radius of the lit disc, px
--   disc_coverage   fraction of that disc in the picture and not black, 0..1
--   score           quality as a whole, 0 hopeless..1 good
--   phash           perceptual hash, 64 bits: near copies differ in few
--   path            of the file, relative to the project
--   sha256          of the file, 64 hexadecimal digits
--   detail          what was wrong with a rejected photograph, in words
--   dataset         the dataset in which the image has this name; NULL: listed, and none was named
--   patient_from    how the patient is known: name, pattern, column, pairs; NULL: it is not, and each image counts as one
--   integrity       fraction of the disc's rows that are not constant, repeated or lost, 0..1
--   background      mean luminance outside the disc, 0..1; NULL: there is nothing outside
SELECT
  i.image_id,
  i.name AS image,
  i.patient,
  i.eye,
  i.status,
  i.reason,
  (SELECT l.grade FROM label l WHERE l.image_id = i.image_id AND l.scheme = 'icdr'
   ORDER BY l.import_id DESC LIMIT 1) AS grade,
  (SELECT l.grade FROM label l WHERE l.image_id = i.image_id AND l.scheme = 'gradable'
   ORDER BY l.import_id DESC LIMIT 1) AS gradable,
  (SELECT l.grade FROM label l WHERE l.image_id = i.image_id AND l.scheme = 'eyeq'
   ORDER BY l.import_id DESC LIMIT 1) AS eyeq,
  s.name AS split,
  a.part,
  i.width,
  i.height,
  i.format,
  q.brightness,
  q.contrast,
  q.sharpness,
  q.black_fraction,
  q.disc_radius,
  q.disc_coverage,
  q.score,
  q.phash,
  m.path,
  i.sha256,
  i.detail,
  d.name AS dataset,
  i.patient_from,
  q.integrity,
  q.background
FROM image i
LEFT JOIN dataset d ON d.dataset_id = i.dataset_id
LEFT JOIN quality q ON q.image_id = i.image_id
LEFT JOIN member m ON m.member_id = i.member_id
LEFT JOIN split s ON s.split_id = (SELECT max(split_id) FROM split WHERE split_id NOT IN (SELECT split_id FROM bundle_split))
LEFT JOIN assignment a ON a.split_id = s.split_id AND a.patient = i.patient;
