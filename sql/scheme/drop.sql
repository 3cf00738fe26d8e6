-- A scheme goes, and the names of its values with it.
DELETE FROM scheme WHERE name = :name;
