-- Made before the first migration, as each enters itself.
CREATE TABLE IF NOT EXISTS schema_migration (
  -- The ledger: which migrations this catalog went through. One that was edited since is refused.
  version    INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,
  sha256     TEXT NOT NULL,  -- of the migration's text
  applied_at TEXT NOT NULL   -- UTC
) STRICT;
