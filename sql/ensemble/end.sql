-- An ensemble is whole.
UPDATE run SET state = 'finished', seconds = :seconds, started_at = created_at, ended_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now')
WHERE run_id = :run_id AND origin = 'ensemble'
RETURNING run_id;
