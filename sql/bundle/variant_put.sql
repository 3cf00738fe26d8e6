-- A view of an image.
INSERT INTO variant (image_id, mirror, rotation) VALUES (:image_id, :mirror, :rotation) RETURNING variant_id;
