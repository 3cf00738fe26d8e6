-- A setting of a run that is there no more.
DELETE FROM param WHERE run_id = :run_id AND name = :name;
