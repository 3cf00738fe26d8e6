-- The scheme that a word which is not a column may have meant.
SELECT name FROM scheme WHERE name = :name COLLATE NOCASE ORDER BY name <> :name LIMIT 1;
