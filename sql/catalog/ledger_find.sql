-- The hash of the text that made a version, from the ledger of migrations.
SELECT sha256 FROM schema_migration WHERE version = :version;
