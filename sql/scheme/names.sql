-- What schemes there are, for the nearest name.
SELECT name FROM scheme ORDER BY name LIMIT 100;
