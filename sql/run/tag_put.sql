-- A tag of a run.
INSERT INTO run_tag (run_id, tag) VALUES (:run_id, :tag) ON CONFLICT DO NOTHING;
