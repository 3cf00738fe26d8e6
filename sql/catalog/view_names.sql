-- What there is to look at: views, then tables.
SELECT name FROM sqlite_schema WHERE type IN ('view', 'table') AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
ORDER BY type DESC, name LIMIT 100;
