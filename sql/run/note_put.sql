-- The note of a run; a new one takes the old one's place.
INSERT INTO run_note (run_id, text) VALUES (:run_id, :text)
ON CONFLICT (run_id) DO UPDATE SET text = excluded.text, written_at = excluded.written_at;
