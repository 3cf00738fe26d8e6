-- The DDL with its comments: views first, then each table with its indices and triggers.
SELECT type, name, sql FROM sqlite_schema
WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
ORDER BY type <> 'view', CASE type WHEN 'view' THEN name ELSE tbl_name END,
  CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 ELSE 3 END, name;
