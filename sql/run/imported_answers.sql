-- What an imported run answers, and what it was trained on, which is said once.
UPDATE run SET target = :target, classes = :classes, subset_id = coalesce(:subset_id, subset_id)
WHERE run_id = :run_id AND origin = 'imported'
RETURNING run_id;
