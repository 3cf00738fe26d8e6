-- Weights that are not needed any more.
DELETE FROM checkpoint WHERE run_id = :run_id AND kind = :kind;
