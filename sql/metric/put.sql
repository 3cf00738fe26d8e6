-- A number measured while a run trains.
INSERT INTO metric (run_id, part, name, attempt, step, epoch, value)
VALUES (:run_id, :part, :name, :attempt, :step, :epoch, :value);
