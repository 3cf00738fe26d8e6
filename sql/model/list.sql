-- All imported weights, the oldest first.
SELECT p.pretrained_id, p.name, p.preset, m.spec, p.path, p.sha256, p.origin, p.origin_sha256, p.licence, p.tensors, p.parameters,
  p.imported_at
FROM pretrained p JOIN model m ON m.model_id = p.model_id ORDER BY p.pretrained_id;
