-- Whether a table has a column of this name.
SELECT count(*) FROM pragma_table_info(:table) WHERE name = :column;
