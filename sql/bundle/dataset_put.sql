-- The dataset of photographs that bundles name, whose patients are others than those here.
INSERT INTO dataset (name, own_patients) VALUES (:name, 1) RETURNING dataset_id;
