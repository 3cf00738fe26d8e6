-- The parameters of a run of an MLflow store.
SELECT key, CAST(value AS TEXT) AS value FROM params WHERE run_uuid = :run_uuid ORDER BY key;
