-- A dataset by its number.
SELECT dataset_id, name, own_patients FROM dataset WHERE dataset_id = :dataset_id;
