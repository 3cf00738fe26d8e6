-- From now on nothing of it changes.
UPDATE subset SET frozen_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE subset_id = :subset_id;
