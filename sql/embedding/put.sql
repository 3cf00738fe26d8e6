-- An embedding.
INSERT INTO embedding (embedding_set_id, image_id, sample_sha256, vector)
VALUES (:embedding_set_id, :image_id, :sample_sha256, :vector);
