-- A dataset by its name.
SELECT dataset_id FROM dataset WHERE name = :name;
