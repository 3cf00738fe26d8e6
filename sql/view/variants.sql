CREATE VIEW variants AS
-- What subsets are chosen from: every variant of the images that are not rejected, with what is known of its image.
--   variant_id      number of the row in the table variant: what the query of a subset selects
--   eye             left, right, as the variant shows it: a mirrored left eye is a right one; NULL: not known
--   mirror          1: left and right swapped, before the rotation; 0: not
--   rotation        degrees, counter-clockwise, 0..359
-- Other columns: as in images.
SELECT
  v.variant_id,
  i.image,
  i.patient,
  CASE WHEN v.mirror = 0 THEN i.eye WHEN i.eye = 'left' THEN 'right' WHEN i.eye = 'right' THEN 'left' END AS eye,
  i.grade,
  i.gradable,
  i.eyeq,
  v.mirror,
  v.rotation,
  i.part,
  i.split,
  i.width,
  i.height,
  i.brightness,
  i.contrast,
  i.sharpness,
  i.black_fraction,
  i.disc_radius,
  i.disc_coverage,
  i.score,
  i.status,
  v.image_id,
  i.dataset,
  i.integrity,
  i.background
FROM variant v
JOIN images i ON i.image_id = v.image_id
WHERE i.status <> 'rejected';
