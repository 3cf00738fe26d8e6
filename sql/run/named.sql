-- The run of this very name.
SELECT run_id FROM run WHERE name = :name;
