-- The finished runs that were not removed, with their folders.
SELECT r.run_id, r.name AS run, r.uuid, coalesce(f.folder, r.name) AS folder, r.state, NULL AS removed_at, 0 AS shared, NULL AS repeated_by
FROM run r
LEFT JOIN run_folder f ON f.run_id = r.run_id
WHERE r.state = 'finished' AND r.run_id NOT IN (SELECT run_id FROM run_removed)
ORDER BY r.run_id;
