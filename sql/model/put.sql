-- Imported weights.
INSERT INTO pretrained (name, preset, model_id, path, sha256, origin, origin_sha256, licence, tensors, parameters)
VALUES (:name, :preset, :model_id, :path, :sha256, :origin, :origin_sha256, :licence, :tensors, :parameters)
RETURNING pretrained_id;
