-- How many tables, views, indices and triggers there are: none in a new file.
SELECT count(*) FROM sqlite_schema;
