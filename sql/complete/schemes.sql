-- The names of the schemes.
SELECT name FROM scheme ORDER BY name;
