-- Imported weights by their name.
SELECT p.pretrained_id, p.name, p.preset, m.spec, p.path, p.sha256, p.origin, p.origin_sha256, p.licence, p.tensors, p.parameters,
  p.imported_at
FROM pretrained p JOIN model m ON m.model_id = p.model_id WHERE p.name = :name;
