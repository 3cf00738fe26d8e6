-- What a value of a scheme is called.
INSERT INTO scheme_value (scheme, value, name) VALUES (:scheme, :value, :name);
