-- A new dataset.
INSERT INTO dataset (name) VALUES (:name) RETURNING dataset_id;
