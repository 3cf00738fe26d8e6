-- A view of an image.
SELECT variant_id FROM variant WHERE image_id = :image_id AND mirror = :mirror AND rotation = :rotation;
