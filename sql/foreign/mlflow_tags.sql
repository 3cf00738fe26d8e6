-- The tags of a run of an MLflow store.
SELECT key, CAST(value AS TEXT) AS value FROM tags WHERE run_uuid = :run_uuid ORDER BY key;
