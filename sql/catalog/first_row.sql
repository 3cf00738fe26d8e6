-- The text of a query for one row of a view or table.
SELECT printf('SELECT * FROM "%w" LIMIT 1', :name);
