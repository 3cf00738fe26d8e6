-- The ensembles of which a run is a member, by the names they have or had; of those in the trash or of the others.
SELECT coalesce(d.name, e.name) AS name
FROM ensemble_member m
JOIN run e ON e.run_id = m.run_id
LEFT JOIN run_removed d ON d.run_id = m.run_id
WHERE m.member_run_id = :run_id AND m.run_id <> :run_id AND (d.run_id IS NOT NULL) = :removed
ORDER BY m.run_id LIMIT 1;
