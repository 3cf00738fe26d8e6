-- Every table, view, index and trigger that somebody made, with the table it belongs to; not SQLite's own.
SELECT type, name, tbl_name AS of_table, sql
FROM main.sqlite_schema
WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 WHEN 'view' THEN 3 ELSE 4 END, name COLLATE BINARY;
