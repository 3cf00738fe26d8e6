-- Embeddings: what a layer of a network is given, of every photograph, so that photographs can be compared.

CREATE TABLE embedding_set (
  -- Embeddings that can be compared with each other: of one layer, the same weights and samples of one recipe.
  embedding_set_id INTEGER PRIMARY KEY,
  model            TEXT NOT NULL CHECK (model <> ''),  -- the imported model or the run, by its name when the set was begun
  weights_sha256   TEXT NOT NULL CHECK (length(weights_sha256) = 64),  -- of the imported weights' file; of a run's numbers
  recipe_id        INTEGER NOT NULL REFERENCES recipe, -- of the samples
  layer            INTEGER NOT NULL CHECK (layer >= 1),  -- its place after the input, from 0; an embedding is what it is given
  dimensions       INTEGER NOT NULL CHECK (dimensions BETWEEN 1 AND 65536),
  created_at       TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),  -- UTC
  UNIQUE (weights_sha256, recipe_id, layer)
) STRICT;
CREATE INDEX embedding_set_recipe ON embedding_set (recipe_id);

CREATE TABLE embedding (
  -- The embedding of an image; it can be computed again, so it may be deleted.
  embedding_id     INTEGER PRIMARY KEY,
  embedding_set_id INTEGER NOT NULL REFERENCES embedding_set ON DELETE CASCADE,
  image_id         INTEGER NOT NULL REFERENCES image ON DELETE CASCADE,
  sample_sha256    TEXT NOT NULL CHECK (length(sample_sha256) = 64),  -- of the pixels that it was computed from
  vector           BLOB NOT NULL,  -- dimensions numbers, IEEE 754 binary32, little-endian
  UNIQUE (embedding_set_id, image_id)
) STRICT;
CREATE INDEX embedding_image ON embedding (image_id);

CREATE TRIGGER embedding_set_is_fixed BEFORE UPDATE ON embedding_set
BEGIN
  SELECT RAISE(ABORT, 'a set of embeddings does not change: delete it, or make another');
END;
CREATE TRIGGER embedding_set_is_not_replaced BEFORE INSERT ON embedding_set
WHEN EXISTS (SELECT 1 FROM embedding_set WHERE embedding_set_id = NEW.embedding_set_id
             OR (weights_sha256 = NEW.weights_sha256 AND recipe_id = NEW.recipe_id AND layer = NEW.layer))
BEGIN
  SELECT RAISE(ABORT, 'there is such a set of embeddings already, and it is not replaced');
END;
CREATE TRIGGER embedding_is_fixed BEFORE UPDATE ON embedding
BEGIN
  SELECT RAISE(ABORT, 'an embedding does not change: delete it, and compute it again');
END;
CREATE TRIGGER embedding_is_not_replaced BEFORE INSERT ON embedding
WHEN EXISTS (SELECT 1 FROM embedding WHERE embedding_id = NEW.embedding_id
             OR (embedding_set_id = NEW.embedding_set_id AND image_id = NEW.image_id))
BEGIN
  SELECT RAISE(ABORT, 'there is such an embedding already, and it is not replaced');
END;
CREATE TRIGGER embedding_has_its_dimensions BEFORE INSERT ON embedding
WHEN length(NEW.vector) IS NOT 4 * (SELECT dimensions FROM embedding_set WHERE embedding_set_id = NEW.embedding_set_id)
BEGIN
  SELECT RAISE(ABORT, 'an embedding has four bytes for each dimension of its set');
END;
