-- Whether there is a table of this name that is neither a view nor virtual.
SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = :table AND rootpage > 0;
