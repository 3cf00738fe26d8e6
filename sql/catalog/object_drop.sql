-- The text that takes away an index, view or trigger.
SELECT printf('DROP %s IF EXISTS "%w";', :type, :name);
