-- What was measured while it trained.
SELECT part, name, attempt, step, epoch, value FROM metric WHERE run_id = :run_id ORDER BY part, name, attempt, step;
