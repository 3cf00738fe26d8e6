-- A photograph that could not be read, or what is known of it by now.
INSERT INTO damage (source_id, path, volume, reason) VALUES (:source_id, :path, :volume, :reason)
ON CONFLICT (source_id, path) DO UPDATE SET volume = excluded.volume, reason = excluded.reason, found_at = excluded.found_at;
