-- The text that takes such a view away again.
SELECT printf('DROP VIEW temp.%s', :view);
