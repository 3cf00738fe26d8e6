-- Whether the new run took the place of the old one, and why; the first decision counts.
UPDATE retraining SET new_run_id = :new_run_id, promoted = :promoted, alias = :alias, metric = :metric, difference = :difference,
  low = :low, high = :high, margin = :margin, n = :n, test_patients = :test_patients, reason = :reason,
  decided_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now')
WHERE retraining_id = :retraining_id AND promoted IS NULL;
