-- The measures of an image go on beside its file when that becomes a copy.
INSERT INTO quality (image_id, brightness, contrast, sharpness, black_fraction, disc_radius, disc_coverage, phash, score, integrity, background)
SELECT :to, brightness, contrast, sharpness, black_fraction, disc_radius, disc_coverage, phash, score, integrity, background
FROM quality WHERE image_id = :image_id;
