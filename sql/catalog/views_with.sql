-- The views that have a column, or, when none has, the tables.
SELECT group_concat(x.name, ', ')
FROM (SELECT DISTINCT s.name, s.type
      FROM sqlite_schema s JOIN pragma_table_info(s.name) c ON c.name = :name COLLATE NOCASE
      WHERE s.type IN ('view', 'table') AND s.name NOT LIKE 'sqlite\_%' ESCAPE '\'
      ORDER BY s.name) x
WHERE x.type = 'view' OR NOT EXISTS (SELECT 1 FROM sqlite_schema s JOIN pragma_table_info(s.name) c ON c.name = :name COLLATE NOCASE
                                     WHERE s.type = 'view');
