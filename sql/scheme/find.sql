-- A scheme by its name; in another case where only one has it.
SELECT name, lowest, highest, ordered, built_in
FROM scheme
WHERE name = :name
   OR (name = :name COLLATE NOCASE AND 1 = (SELECT count(*) FROM scheme WHERE name = :name COLLATE NOCASE));
