-- A new scheme.
INSERT INTO scheme (name, lowest, highest, ordered, description) VALUES (:name, :lowest, :highest, :ordered, :description);
