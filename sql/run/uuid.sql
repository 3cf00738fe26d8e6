-- A run by its whole uuid, also one in the trash.
SELECT run_id FROM run WHERE uuid = :uuid;
