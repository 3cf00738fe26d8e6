-- All schemes in the order in which they were added: those that are built in come first.
SELECT v.scheme AS name, v.lowest, v.highest, v.ordered, v.built_in, v.meanings, v.labels, v.graded_by AS graders, v.description, v.added_at
FROM scheme s JOIN schemes v ON v.scheme = s.name ORDER BY s.rowid;
