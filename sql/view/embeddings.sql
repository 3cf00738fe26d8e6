CREATE VIEW embeddings AS
-- What a network makes of a photograph, as numbers that can be compared: one row for a photograph and a set of embeddings.
--   image           name of the photograph: 10_left
--   patient         the patient it is of: 10
--   eye             left, right; NULL: not known
--   model           the imported model or the run that it is of, by its name when the set was begun
--   layer           place of the layer after the input, from 0, as 'eyenet model show' has it: an embedding is what it is given
--   dimensions      numbers of the vector, 1..65536
--   recipe          of the samples
--   vector          the numbers: IEEE 754 binary32, little-endian, no unit
--   current         1: of the pixels that the sample has; 0: of others, or the sample is lost, and 'eyenet embed' makes it anew
--   weights_sha256  of the imported weights' file; of a run's numbers, as in evaluations
--   created_at      when the set was begun, UTC
--   image_id        number of the row in the table image
--   embedding_set_id number of the row in the table embedding_set
SELECT coalesce(i.qualified, i.name) AS image, i.patient, i.eye, s.model, s.layer, s.dimensions, r.text AS recipe, e.vector,
  EXISTS (SELECT 1 FROM sample p WHERE p.recipe_id = s.recipe_id AND p.image_id = e.image_id AND p.sha256 = e.sample_sha256)
    AS current,
  s.weights_sha256, s.created_at, e.image_id, e.embedding_set_id
FROM embedding e
JOIN embedding_set s ON s.embedding_set_id = e.embedding_set_id
JOIN recipe r ON r.recipe_id = s.recipe_id
JOIN image i ON i.image_id = e.image_id;
