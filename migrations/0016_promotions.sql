-- Aliases of runs: which one is the champion now, which was before, and why it was replaced.

CREATE TABLE promotion (
  -- A run got an alias, by which it is meant as @ALIAS; of an alias the newest promotion counts, the others are its history.
  promotion_id    INTEGER PRIMARY KEY,
  alias           TEXT NOT NULL  -- champion
    CONSTRAINT "an alias has 1 to 50 letters, digits, dots, hyphens and underscores" CHECK
      (length(alias) BETWEEN 1 AND 50 AND NOT alias GLOB '*[^a-zA-Z0-9._-]*'),
  run_id          INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  replaced_run_id INTEGER REFERENCES run ON DELETE SET NULL,  -- that had the alias before; NULL: none, or it was deleted
  metric          TEXT,     -- by which the two were compared, more being better; NULL: they were not
  difference      REAL,     -- of the metric, the new run's less the old one's
  low             REAL,     -- its 95% interval, paired by photograph and clustered by patient; NULL: none
  high            REAL,
  margin          REAL,     -- by how much the new run was not to be worse
  n               INTEGER CHECK (n >= 0),         -- photographs that both were measured on
  patients        INTEGER CHECK (patients >= 0),  -- of these
  reason          TEXT NOT NULL CHECK (reason <> ''),
  promoted_at     TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))  -- UTC
) STRICT;
CREATE INDEX promotion_alias ON promotion (alias, promotion_id);
CREATE INDEX promotion_run ON promotion (run_id);
CREATE INDEX promotion_replaced ON promotion (replaced_run_id) WHERE replaced_run_id IS NOT NULL;

CREATE TRIGGER promotion_is_history BEFORE UPDATE ON promotion
WHEN NEW.promotion_id IS NOT OLD.promotion_id OR NEW.alias IS NOT OLD.alias OR NEW.run_id IS NOT OLD.run_id
  OR NEW.metric IS NOT OLD.metric OR NEW.difference IS NOT OLD.difference OR NEW.low IS NOT OLD.low OR NEW.high IS NOT OLD.high
  OR NEW.margin IS NOT OLD.margin OR NEW.n IS NOT OLD.n OR NEW.patients IS NOT OLD.patients OR NEW.reason IS NOT OLD.reason
  OR NEW.promoted_at IS NOT OLD.promoted_at OR NEW.replaced_run_id IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'promotions are history: promote another run instead');
END;
CREATE TRIGGER promotion_stays_history BEFORE DELETE ON promotion
WHEN EXISTS (SELECT 1 FROM run WHERE run_id = OLD.run_id) AND NOT EXISTS (SELECT 1 FROM run_removed WHERE run_id = OLD.run_id)
BEGIN
  SELECT RAISE(ABORT, 'promotions are history: promote another run instead');
END;
CREATE TRIGGER promotion_is_not_replaced BEFORE INSERT ON promotion
WHEN EXISTS (SELECT 1 FROM promotion WHERE promotion_id = NEW.promotion_id)
BEGIN
  SELECT RAISE(ABORT, 'promotions are history: promote another run instead');
END;
