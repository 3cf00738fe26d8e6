-- A migration that was applied just now.
INSERT INTO schema_migration (version, name, sha256, applied_at)
VALUES (:version, :name, :sha256, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'));
