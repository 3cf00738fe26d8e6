-- The dataset that a source belongs to.
UPDATE source SET dataset_id = :dataset_id WHERE source_id = :source_id AND dataset_id IS NOT :dataset_id;
