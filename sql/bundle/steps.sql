-- Its steps.
SELECT step, epoch, images, loss, learning_rate, seconds FROM step WHERE run_id = :run_id ORDER BY step;
