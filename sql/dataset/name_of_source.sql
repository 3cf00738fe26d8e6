-- The name of the dataset that a source belongs to.
SELECT d.name FROM source s JOIN dataset d ON d.dataset_id = s.dataset_id WHERE s.source_id = :source_id;
