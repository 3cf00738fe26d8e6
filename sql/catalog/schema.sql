-- The DDL with its comments: views first, then each table with its indices and triggers. A reader's own views, temporary
-- ones, are in the place of those of the file.
SELECT type, name, sql
FROM (SELECT type, name, tbl_name, sql FROM main.sqlite_schema
      WHERE type <> 'view' OR name NOT IN (SELECT name FROM temp.sqlite_schema)
      UNION ALL
      SELECT type, name, tbl_name, sql FROM temp.sqlite_schema)
WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
ORDER BY type <> 'view', CASE type WHEN 'view' THEN name ELSE tbl_name END,
  CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 ELSE 3 END, name;
