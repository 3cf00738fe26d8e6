-- A run by its uuid, and whether it is in the trash.
SELECT r.run_id, EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = r.run_id) AS removed FROM run r WHERE r.uuid = :uuid;
