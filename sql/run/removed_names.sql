-- The names of removed runs, the newest first.
SELECT name FROM run_removed ORDER BY removed_at DESC, run_id DESC LIMIT 100;
