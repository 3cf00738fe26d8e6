-- The measures of an image; the newest count.
INSERT INTO quality (image_id, brightness, contrast, sharpness, black_fraction, disc_radius, disc_coverage, phash, score, integrity, background)
VALUES (:image_id, :brightness, :contrast, :sharpness, :black_fraction, :disc_radius, :disc_coverage, :phash, :score, :integrity, :background)
ON CONFLICT (image_id) DO UPDATE SET brightness = excluded.brightness, contrast = excluded.contrast,
  sharpness = excluded.sharpness, black_fraction = excluded.black_fraction, disc_radius = excluded.disc_radius,
  disc_coverage = excluded.disc_coverage, phash = excluded.phash, score = excluded.score,
  integrity = excluded.integrity, background = excluded.background;
