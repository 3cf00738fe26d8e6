-- The dataset of a source, or of another version of it; NULL: none yet.
SELECT coalesce(s.dataset_id, (SELECT o.dataset_id FROM source o WHERE o.uri = s.uri AND o.dataset_id IS NOT NULL
                               ORDER BY o.version DESC LIMIT 1)) AS dataset_id
FROM source s WHERE s.source_id = :source_id;
