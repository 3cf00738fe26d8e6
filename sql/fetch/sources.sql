-- Sources whose photographs are compared with their hashes: all, of one uri and of what is below it, or of one dataset.
SELECT s.source_id
FROM source s
LEFT JOIN dataset d ON d.dataset_id = s.dataset_id
WHERE (:uri IS NULL OR s.uri = :uri OR substr(s.uri, 1, length(:uri) + 1) IN (:uri || '/', :uri || '!')) AND (:dataset IS NULL OR d.name = :dataset)
ORDER BY s.source_id;
