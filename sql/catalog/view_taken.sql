-- Whether a name that a view is to have is taken by another object: its type, table or view.
SELECT type FROM main.sqlite_schema WHERE name = :name COLLATE NOCASE;
