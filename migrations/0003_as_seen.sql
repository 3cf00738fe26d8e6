-- What a variant shows, and photographs that show the same.

-- A mirrored left eye looks like a right one: a network that is to tell them apart is told what it sees.
DROP VIEW variants;
CREATE VIEW variants AS
-- What subsets are chosen from: every variant of the images that are not rejected, with what is known of its image.
SELECT
  v.variant_id,
  i.image,
  i.patient,
  CASE WHEN v.mirror = 0 THEN i.eye WHEN i.eye = 'left' THEN 'right' WHEN i.eye = 'right' THEN 'left' END
    AS eye,      -- as the variant shows it: a mirrored left eye is a right one
  i.grade,
  i.gradable,
  i.eyeq,
  v.mirror,      -- 1: left and right swapped
  v.rotation,    -- degrees, counter-clockwise
  i.part,        -- train, val, test in the newest split
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
  v.image_id
FROM variant v
JOIN images i ON i.image_id = v.image_id
WHERE i.status <> 'rejected';

-- The same picture in another file, a photograph saved again without its EXIF block, say: found by its sample's pixels.
CREATE INDEX sample_by_pixels ON sample (recipe_id, sha256);
