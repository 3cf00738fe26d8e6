-- A setting of a run; the newest counts.
INSERT INTO param (run_id, name, value) VALUES (:run_id, :name, :value)
ON CONFLICT (run_id, name) DO UPDATE SET value = excluded.value;
