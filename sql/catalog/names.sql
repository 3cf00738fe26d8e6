-- The names a query can use: of columns, or of views and tables. For a hint at what a misspelt one means.
SELECT DISTINCT CASE :kind WHEN 'column' THEN c.name ELSE s.name END
FROM sqlite_schema s
JOIN pragma_table_info(s.name) c
WHERE s.type IN ('view', 'table') AND s.name NOT LIKE 'sqlite\_%' ESCAPE '\'
ORDER BY s.type DESC, s.name LIMIT 1000;
