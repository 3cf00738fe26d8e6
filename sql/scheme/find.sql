-- A scheme by its name.
SELECT name, lowest, highest, ordered, built_in FROM scheme WHERE name = :name;
