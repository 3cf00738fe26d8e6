-- From now on the patients of a dataset are not those of the others, whatever they are called.
UPDATE dataset SET own_patients = 1 WHERE dataset_id = :dataset_id;
