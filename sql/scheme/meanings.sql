-- What the values of a scheme are called. A name of a catalog from elsewhere is cut to the length that names may have.
SELECT value, substr(name, 1, 100) AS name FROM scheme_value WHERE scheme = :scheme ORDER BY value;
