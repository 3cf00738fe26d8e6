-- The views leave the migrations: they are in sql/view/ and are made anew whenever a program with other texts opens the
-- catalog for writing. Those of the earlier migrations go here; the program makes its own in the same transaction.

DROP VIEW IF EXISTS images;
DROP VIEW IF EXISTS variants;
DROP VIEW IF EXISTS labels;
DROP VIEW IF EXISTS class_balance;
DROP VIEW IF EXISTS rejects;
DROP VIEW IF EXISTS subsets;
DROP VIEW IF EXISTS runs;
DROP VIEW IF EXISTS metrics;
DROP VIEW IF EXISTS latest_metrics;
DROP VIEW IF EXISTS predictions;
DROP VIEW IF EXISTS errors;
DROP VIEW IF EXISTS confusion;
DROP VIEW IF EXISTS leakage;
DROP VIEW IF EXISTS provenance;

CREATE TABLE schema_view_set (
  -- The ledger of views: each set of them that eyenet made here; the newest is in place. Other views are the user's.
  set_id  INTEGER PRIMARY KEY,
  names   TEXT NOT NULL  -- of the views in the set, a JSON array
    CONSTRAINT "names are a JSON array" CHECK (json_valid(names) AND json_type(names) = 'array'),
  sha256  TEXT NOT NULL CHECK (length(sha256) = 64),  -- of the texts of the views, in the order of their names
  made_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))  -- UTC
) STRICT;

CREATE TRIGGER view_set_is_history BEFORE UPDATE ON schema_view_set
BEGIN
  SELECT RAISE(ABORT, 'the ledger of views is history');
END;
CREATE TRIGGER view_set_stays_history BEFORE DELETE ON schema_view_set
BEGIN
  SELECT RAISE(ABORT, 'the ledger of views is history');
END;
CREATE TRIGGER view_set_is_not_replaced BEFORE INSERT ON schema_view_set
WHEN EXISTS (SELECT 1 FROM schema_view_set WHERE set_id = NEW.set_id)
BEGIN
  SELECT RAISE(ABORT, 'the ledger of views is history');
END;
