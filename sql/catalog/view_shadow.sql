-- The text that makes a view as a temporary one, from the text that makes it.
SELECT printf('CREATE TEMP VIEW %s', substr(:sql, length('CREATE VIEW ') + 1));
