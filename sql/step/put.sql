-- What a step of the optimiser showed.
INSERT INTO step (run_id, step, epoch, images, loss, learning_rate, seconds)
VALUES (:run_id, :step, :epoch, :images, :loss, :learning_rate, :seconds);
