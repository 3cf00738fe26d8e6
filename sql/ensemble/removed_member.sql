-- The first member of an ensemble that is in the trash, by the name it had.
SELECT d.name
FROM ensemble_member m
JOIN run_removed d ON d.run_id = m.member_run_id
WHERE m.run_id = :run_id
ORDER BY m.position LIMIT 1;
