-- How the members of a new ensemble are asked.
INSERT INTO ensemble (run_id, views) VALUES (:run_id, :views);
