-- The members of an ensemble in their order, and one more than there may be; without a run where the row leads to none.
SELECT m.position, m.member_run_id, r.run_id, r.name
FROM ensemble_member m
LEFT JOIN run r ON r.run_id = m.member_run_id
WHERE m.run_id = :run_id
ORDER BY m.position LIMIT 33;
