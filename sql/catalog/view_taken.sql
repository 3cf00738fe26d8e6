-- Whether a name that a view is to have is somebody else's: what it is called by then, a table or a view.
SELECT type FROM main.sqlite_schema WHERE name = :name COLLATE NOCASE;
